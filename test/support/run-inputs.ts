import type { RunInputs } from "../../components/run/types";

/** Inputs of a run that could be, with something changed. */
export function runInputs(change: Partial<RunInputs> = {}): RunInputs {
  return {
    namespace: "load",
    test: "checkout",
    run: "checkout-3f9a1c2e",
    runners: 2,
    engine: "job",
    image: "grafana/k6:1.1.0",
    imagePullPolicy: "IfNotPresent",
    scriptConfigMap: "checkout-script-0a1b2c3d",
    scriptDigest: "0".repeat(64),
    scriptName: "checkout.js",
    inspected: true,
    env: { A: "1", B: "2" },
    resources: { cpu: "500m", memory: "256Mi" },
    deadlineSeconds: 60,
    startDeadlineSeconds: 30,
    ttlSeconds: 3600,
    thresholds: { http_req_duration: ["p(95)<500"] },
    limits: { startSkewMs: 1000, droppedIterationsRatio: 0 },
    store: { writeUrl: "http://influxdb.load.svc:8086", bucket: "k6", org: "load", writeSecret: "k6-store-write" },
    readToken: "secret-token",
    reportFolder: "reports",
    trigger: "",
    ...change,
  };
}
