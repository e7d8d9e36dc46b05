/** Script of a few VUs, with what is its own in options, init and default function. */
function script({
  options = 'vus: 2, duration: "3s"',
  init = "",
  body = "",
}: {
  options?: string;
  init?: string;
  body?: string;
}): string {
  return `import exec from "k6/execution";
import http from "k6/http";
import { sleep } from "k6";
export const options = { ${options} };
${init}
export default function () {
  ${body}
  http.get(__ENV.TARGET_URL);
  sleep(0.1);
}
`;
}

export const steady = script({});
/** Long enough for something to happen in the middle of it. */
export const lasting = script({ options: 'vus: 2, duration: "8s"' });
export const endless = script({ options: 'vus: 2, duration: "1h"' });
export const throwing = script({ init: "undefinedHelper();" });
export const misspelt = script({ options: 'scenarios: { shop: { executor: "constant-vu", vus: 1, duration: "3s" } }' });
export const failingSetup = script({ init: 'export function setup() { throw new Error("the shop has no products"); }' });
export const aborting = script({ body: 'exec.test.abort("the shop is closed");' });
export const marking = script({ body: 'exec.test.fail("the total is wrong");' });
export const strict = script({ options: 'vus: 2, duration: "3s", thresholds: { http_req_duration: ["p(95)<0"] }' });
/** Wants 100 iterations a second of one VU, which does 10. */
export const slow = script({
  options:
    'scenarios: { shop: { executor: "constant-arrival-rate", rate: 100, timeUnit: "1s", duration: "3s", preAllocatedVUs: 1, maxVUs: 1 } }',
});
/** Computes without end. */
export const burning = script({ options: 'vus: 2, duration: "8s"', body: "for (let i = 0; i < 100000; i++) { Math.sqrt(i); }" });
/** Takes ever more memory. */
export const greedy = script({
  init: "const kept = [];",
  body: "for (let i = 0; i < 60; i++) { kept.push(new Uint8Array(1024 * 1024).fill(1)); }",
});
