// A k6 process of its own beside runner 0: starts all runners together, or stops them all and says why.
// Each line it prints is JSON with the key "pulumi-k6"; the engine reads them from runner 0's log (see barrier-line.ts).
import http from "k6/http";
import { sleep } from "k6";

const runners = Number(__ENV.RUNNERS);
const peers = Array.from({ length: runners }, (_, index) => __ENV.PEER.replace("{index}", index).replace("{number}", index + 1));
if (__ENV.OWN !== undefined) {
  // Where k6-operator starts runners, this one is not to be reached from outside until setup() is done.
  peers[0] = __ENV.OWN;
}
const json = { headers: { "Content-Type": "application/json" } };
// `status` of k6's REST API when the VUs are made and only the start is missing (lib.ExecutionStatusPausedBeforeRun).
const paused = 4;
// `error_code` of a request that was given up after its timeout.
const timedOut = 1050;
// Runners that are looked at in one go: few while some are not there, so that 1000 of them do not flood the DNS, and many once all are.
const fewest = 8;
const most = 200;
// How long an answer may take: at first next to nothing, since the network drops what is sent to a runner that its policies do not know
// yet, and what is dropped is sent again after a whole second; then ever longer, for runners that are busy making their VUs.
const shortestMs = 150;
const longestMs = 2000;
// Between two lines on who is waited for.
const waitingMs = 10000;
// k6-operator makes a pod that starts the runners once all are ready; healthy, it takes seconds, 15 after a moment of bad luck.
const starterDeadlineMs = 90000;

export const options = {
  // Names of pods appear while we look; k6 would remember their absence.
  dns: { ttl: "0" },
  batch: runners,
  batchPerHost: runners,
  scenarios: {
    // Longer than any setup(), which k6 bounds itself in the runner.
    barrier: { executor: "per-vu-iterations", vus: 1, iterations: 1, maxDuration: "24h", gracefulStop: "0s" },
  },
};

export default function () {
  const missing = waitForAll(Date.now() + Number(__ENV.START_DEADLINE) * 1000);
  if (missing.length > 0) {
    return refuse("missing", missing);
  }
  say({ "pulumi-k6": "setup" });
  const failure = setup();
  if (failure !== undefined) {
    return refuse("setup", [], failure);
  }
  return __ENV.STARTER === "operator" ? awaitStart() : start();
}

/** Gives those that are not ready at the deadline: index and k6's status, `null` where nothing answers. */
function waitForAll(deadline) {
  let missing = peers.map((url, index) => ({ index, url }));
  let size = fewest;
  let patienceMs = shortestMs;
  let saidAt = Date.now();
  while (missing.length > 0) {
    if (Date.now() >= deadline) {
      return missingAmong(missing, longestMs);
    }
    // The first of them only: in the end all have to be there, whatever the order.
    const late = missingAmong(missing.slice(0, size), patienceMs);
    missing = [...late, ...missing.slice(size)];
    if (late.length > 0 && Date.now() - saidAt >= waitingMs) {
      saidAt = Date.now();
      say({ "pulumi-k6": "waiting", missing: late.map(({ index, status }) => ({ index, status })) });
    }
    if (late.length === 0) {
      size = Math.min(2 * size, most);
    } else {
      size = fewest;
      patienceMs = late.some(({ isSilent }) => isSilent) ? Math.min(1.5 * patienceMs, longestMs) : patienceMs;
      sleep(0.05);
    }
  }
  return [];
}

/** Those that do not say that they are ready, with what they say. */
function missingAmong(runners, patienceMs) {
  const found = [];
  for (let from = 0; from < runners.length; from += most) {
    const asked = runners.slice(from, from + most);
    const answers = http.batch(asked.map(({ url }) => ["GET", `${url}/v1/status`, null, { timeout: patienceMs }]));
    found.push(
      ...asked.map(({ index, url }, i) => ({
        index,
        url,
        status: statusOf(answers[i]),
        isSilent: answers[i].error_code === timedOut,
      })),
    );
  }
  return found.filter(({ status }) => status !== paused);
}

function statusOf(answer) {
  return answer.status === 200 ? answer.json("data.attributes.status") : null;
}

/** Runs the script's setup() in runner 0 and hands its result to the others; gives the error, if any. */
function setup() {
  const done = http.post(`${peers[0]}/v1/setup`, null, { ...json, timeout: "24h" });
  if (done.status !== 200) {
    return (done.status === 0 ? done.error : done.json("errors.0.detail")) || `HTTP ${done.status}`;
  }
  const data = done.json("data.attributes.data");
  if (data === undefined || runners === 1) {
    return undefined;
  }
  const body = JSON.stringify(data);
  const given = http.batch(peers.slice(1).map((url) => ["PUT", `${url}/v1/setup`, body, { ...json, timeout: "30s" }]));
  const index = given.findIndex(({ status }) => status !== 200);
  return index === -1 ? undefined : `runner ${index + 1} did not take the result of setup()`;
}

function start() {
  // The own runner last: from its start on it takes CPU from this process, which shares its pod.
  const order = [...peers.keys()].reverse();
  const requests = order.map((index) => patch(peers[index], { paused: false }));
  const at = Date.now();
  const answers = http.batch(requests);
  const skewMs = Date.now() - at;
  const missing = answers.flatMap(({ status }, i) => (status === 200 ? [] : [{ index: order[i], status: null }]));
  if (missing.length > 0) {
    return refuse("unpause", missing);
  }
  // Every runner began between the first request and the last answer, so that span bounds the skew, by one clock.
  say({ "pulumi-k6": "started", at, skewMs });
}

/** With k6-operator its starter starts the runners, one after the other, and we look on. */
function awaitStart() {
  let noneStarted = Date.now();
  let waiting = waitingPeers();
  if (waiting.length < runners) {
    return refuse("setup", [], "a runner was started before it was given the result of setup()");
  }
  const deadline = Date.now() + starterDeadlineMs;
  while (waiting.length > 0) {
    if (Date.now() >= deadline) {
      return refuse(
        "unpause",
        waiting.map((index) => ({ index, status: null })),
      );
    }
    sleep(0.02);
    const at = Date.now();
    waiting = waitingPeers();
    if (waiting.length === runners) {
      noneStarted = at;
    }
  }
  // Between the last look that found none started and the end of the one that found all, so that the span bounds the skew, by one clock.
  say({ "pulumi-k6": "started", at: noneStarted, skewMs: Date.now() - noneStarted });
}

/** Indexes of runners that say they are paused; one that does not answer any more has run. */
function waitingPeers() {
  const answers = http.batch(peers.map((url) => ["GET", `${url}/v1/status`, null, { timeout: "2s" }]));
  return answers.flatMap((answer, index) => (answer.status === 200 && answer.json("data.attributes.paused") ? [index] : []));
}

function refuse(at, missing, cause) {
  http.batch(peers.map((url) => patch(url, { stopped: true })));
  // The engine needs a few names, and a log line above 4 KiB may be torn.
  say({
    "pulumi-k6": "not-started",
    at,
    missing: missing.slice(0, 50).map(({ index, status }) => ({ index, status })),
    missingCount: missing.length,
    cause: cause?.slice(0, 1000),
  });
}

function patch(url, attributes) {
  const body = JSON.stringify({ data: { type: "status", id: "default", attributes } });
  return ["PATCH", `${url}/v1/status`, body, { ...json, timeout: "5s" }];
}

function say(line) {
  console.log(JSON.stringify(line));
}
