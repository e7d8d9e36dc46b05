// A k6 process of its own beside a runner that takes over from a lost one: gives it what setup() made, and starts it at its time.
import http from "k6/http";
import { sleep } from "k6";

const runners = Number(__ENV.RUNNERS);
const joinAt = Number(__ENV.JOIN_AT);
const own = `${__ENV.OWN}/v1`;
const json = { headers: { "Content-Type": "application/json" }, timeout: "5s" };
// `status` of k6's REST API when the VUs are made and only the start is missing (lib.ExecutionStatusPausedBeforeRun).
const paused = 4;
// Later than this the rest of the load that it was given is not the rest any more.
const lateMs = 5000;

export const options = {
  dns: { ttl: "0" },
  scenarios: { heal: { executor: "per-vu-iterations", vus: 1, iterations: 1, maxDuration: "24h", gracefulStop: "0s" } },
};

export default function () {
  while (!isReady()) {
    if (Date.now() > joinAt + lateMs) {
      return patch({ stopped: true });
    }
    sleep(0.05);
  }
  let made = setupData();
  while (made === undefined) {
    if (Date.now() > joinAt) {
      // It would run as if there were no setup().
      return patch({ stopped: true });
    }
    sleep(0.2);
    made = setupData();
  }
  if (made.data !== undefined) {
    http.put(`${own}/setup`, JSON.stringify(made.data), json);
  }
  sleep(Math.max(0, joinAt - Date.now()) / 1000);
  patch({ paused: false });
}

function isReady() {
  const answer = http.get(`${own}/status`, { timeout: "2s" });
  return answer.status === 200 && answer.json("data.attributes.status") === paused;
}

/** What setup() made, of any runner that still answers; `undefined` where none does. */
function setupData() {
  for (let index = 0; index < runners; index++) {
    const answer =
      index === Number(__ENV.INDEX) ? undefined : http.get(`${__ENV.PEER.replace("{index}", index)}/v1/setup`, { timeout: "2s" });
    if (answer?.status === 200) {
      return { data: answer.json("data.attributes.data") };
    }
  }
}

function patch(attributes) {
  http.patch(`${own}/status`, JSON.stringify({ data: { type: "status", id: "default", attributes } }), json);
}
