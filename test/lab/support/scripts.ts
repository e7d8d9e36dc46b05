/** Five seconds at a steady rate, so small that two runners and the rest of the lab share two cores. */
export const steady = `import http from "k6/http";
export const options = {
  scenarios: {
    steady: { executor: "constant-arrival-rate", rate: 20, timeUnit: "1s", duration: "5s", preAllocatedVUs: 10, gracefulStop: "5s" },
  },
};
export default function () {
  http.get(\`\${__ENV.TARGET_URL}/?\${__ENV.TARGET_QUERY}\`, { tags: { name: "shop" } });
}
`;

/** Says five seconds to whoever asks what it needs, and in a runner goes on for an hour: only a deadline ends it. */
export const endless = steady.replace('"5s"', '__ENV.PULUMI_K6_TOTALS ? "1h" : "5s"');

/** Its first VU, which runner 0 has, takes ever more memory. */
export const greedy = `import exec from "k6/execution";
import http from "k6/http";
import { sleep } from "k6";
export const options = { vus: 2, duration: "8s" };
const kept = [];
export default function () {
  http.get(__ENV.TARGET_URL);
  if (exec.vu.idInTest === 1) {
    for (let i = 0; i < 40; i++) {
      kept.push(new Uint8Array(1024 * 1024).fill(1));
    }
  }
  sleep(0.2);
}
`;
