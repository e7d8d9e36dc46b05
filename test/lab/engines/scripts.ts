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

/** Says how many lines it has of `all.txt` and of its own part of `part.txt`, and which of those is the first; in every VU. */
export const reading = `const all = open("./all.txt").trim().split("\\n");
const part = open("./part.txt").trim().split("\\n");
export const options = {
  scenarios: { all: { executor: "per-vu-iterations", vus: 2, iterations: 1, maxDuration: "10s" } },
};
export default function () {
  console.log("SAID " + all.length + " " + part.length + " " + part[0].slice(0, 6));
}
`;
