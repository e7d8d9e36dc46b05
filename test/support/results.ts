import type { RunInputs, RunnerReport, RunResult, RunSeries } from "../../components/run/types";

/** A run that passed, to change for a test. */
export const passedRun: RunResult = {
  schema: 1,
  run: "checkout-3f9a1c2e",
  test: "checkout",
  namespace: "load",
  engine: "job",
  verdict: "pass",
  reasons: ["1 threshold met; 27002 requests and 13501 iterations of 2 runners are all in the store."],
  startedAt: "2026-11-24T08:58:34.120Z",
  finishedAt: "2026-11-24T09:01:35.000Z",
  startSkewMs: 14,
  runners: [goodRunner(0), goodRunner(1)],
  thresholds: [{ metric: "http_req_duration", expression: "p(95)<500", actual: 212.438, ok: true }],
  figures: {
    requests: 27_002,
    iterations: 13_501,
    errorRate: 0.00452,
    requestsPerSecond: 149.7,
    p50: 24.12,
    p95: 212.438,
    p99: 402.77,
    max: 1447.13,
  },
  script: { name: "checkout.js", digest: "3f9a1c2ed7be" },
  image: "k6:1.1.0",
  versions: { "pulumi-k6": "0.1.0" },
  trigger: "",
};

export function goodRunner(index: number): RunnerReport {
  const totals = {
    requests: 13_501,
    failedRequests: 61,
    iterations: 6750,
    droppedIterations: 0,
    checksPassed: 6750,
    checksFailed: 0,
  };
  return {
    index,
    pod: `checkout-3f9a1c2e-${index}-x7k4p`,
    node: "worker-1",
    state: "succeeded",
    exitCode: 0,
    startedAt: "2026-11-24T08:58:30.000Z",
    finishedAt: "2026-11-24T09:01:35.000Z",
    totals: { ...totals, dataSent: 1, dataReceived: 1, durationMs: 180_412 },
  };
}

/** Charts of five windows, one of them without requests. */
export const shortSeries: RunSeries = {
  windowSeconds: 1,
  requestsPerSecond: [10, 20, 30, 0, 25].map((value, i) => [i, value]),
  errorRate: [0, 0.1, 0, null, 0].map((value, i) => [i, value]),
  p50: [20, 22, 21, null, 20].map((value, i) => [i, value]),
  p95: [60, 66, 63, null, 60].map((value, i) => [i, value]),
  p99: [120, 130, 121, null, 125].map((value, i) => [i, value]),
  activeVus: [1, 2, 3, 3, 3].map((value, i) => [i, value]),
};

/** Inputs of that run; its store has no address. */
export const runInputs: RunInputs = {
  namespace: "load",
  test: "checkout",
  run: "checkout-3f9a1c2e",
  runners: 2,
  engine: "job",
  image: "k6:1.1.0",
  imagePullPolicy: "IfNotPresent",
  scriptConfigMap: "checkout-3f9a1c2e",
  scriptDigest: "3f9a",
  scriptName: "checkout.js",
  inspected: true,
  env: {},
  resources: { cpu: "500m", memory: "256Mi" },
  deadlineSeconds: 90,
  startDeadlineSeconds: 60,
  ttlSeconds: 600,
  thresholds: { http_req_duration: ["p(95)<500"] },
  limits: { startSkewMs: 1000, droppedIterationsRatio: 0 },
  store: { writeUrl: "http://influxdb.load.svc:8086", bucket: "k6", org: "load", writeSecret: "influxdb-write" },
  readToken: "a-secret-token",
  reportFolder: "reports",
  trigger: "",
};
