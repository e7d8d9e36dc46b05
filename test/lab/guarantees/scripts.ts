/** Three seconds of a little load. */
export const short = `import http from "k6/http";
import { sleep } from "k6";
export const options = { vus: 2, duration: "3s" };
export default function () {
  http.get(__ENV.TARGET_URL);
  sleep(0.1);
}
`;

/** Only a deadline ends it. */
export const endless = short.replace('"3s"', '"1h"');

/** Says when it has made a request, whose iterations would take a minute each, and has a teardown(). */
export const stoppable = `import http from "k6/http";
import { sleep } from "k6";
export const options = { vus: 4, duration: "10m", gracefulStop: "5m" };
export default function () {
  for (let i = 0; i < 600; i++) {
    http.get(__ENV.TARGET_URL);
    console.log("SAID request " + Date.now());
    sleep(0.1);
  }
}
export function teardown() {
  console.log("SAID teardown");
}
`;
