/** A few seconds on two VUs per runner, saying aloud what runs once and who runs. */
export const talking = `import exec from "k6/execution";
import http from "k6/http";
import { sleep } from "k6";
export const options = { vus: 8, duration: "4s" };
let isNew = true;
export function setup() {
  http.get(__ENV.TARGET_URL);
  console.log("SAID setup");
  return { token: "handed out" };
}
export default function (data) {
  if (isNew) {
    isNew = false;
    console.log("SAID vu " + exec.vu.idInTest + " " + data.token);
  }
  http.get(__ENV.TARGET_URL);
  sleep(0.1);
}
export function teardown(data) {
  console.log("SAID teardown " + data.token);
}
`;

/** Long enough for something to happen in the middle of it. */
export const lasting = `import http from "k6/http";
import { sleep } from "k6";
export const options = { vus: 4, duration: "4s" };
export default function () {
  http.get(__ENV.TARGET_URL);
  sleep(0.1);
}
`;

/** Throws as it is loaded, in its third line. */
export const throwing = `import http from "k6/http";
export const options = { vus: 4, duration: "4s" };
undefinedHelper();
export default function () {
  http.get(__ENV.TARGET_URL);
}
`;
