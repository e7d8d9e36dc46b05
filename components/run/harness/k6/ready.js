// A k6 process of its own beside each runner but the first, where k6-operator starts them: says that the runner's VUs are made.
import http from "k6/http";
import { sleep } from "k6";

// `status` of k6's REST API when the VUs are made and only the start is missing (lib.ExecutionStatusPausedBeforeRun).
const paused = 4;

export const options = {
  scenarios: {
    // Ends with the runner's container at the latest.
    ready: { executor: "per-vu-iterations", vus: 1, iterations: 1, maxDuration: "24h", gracefulStop: "0s" },
  },
};

export default function () {
  for (;;) {
    const answer = http.get(`${__ENV.OWN}/v1/status`, { timeout: "2s" });
    if (answer.status === 200 && answer.json("data.attributes.status") === paused) {
      break;
    }
    sleep(0.1);
  }
  // Runs nothing of the script (see main.js), but makes k6 count bytes, which is what the readiness probe looks at.
  http.post(`${__ENV.OWN}/v1/setup`, null, { timeout: "30s" });
}
