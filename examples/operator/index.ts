import { LoadTest, LoadTestPlatform } from "pulumi-k6";

// One that is there already: operator: { adopt: true, namespace: "k6-operator-system" }
const platform = new LoadTestPlatform("load-tests", { operator: { expectedRunners: 20 } });

const shop = new LoadTest("shop", {
  platform,
  // engine: "job" would leave the operator aside.
  script: { path: "shop.js" },
  runners: 20,
  env: { TARGET_URL: "http://shop.shop.svc:8080" },
  targets: [{ namespace: "shop", podLabels: { app: "shop" }, ports: [8080] }],
  thresholds: { http_req_duration: ["p(95)<500"] },
});

export const verdict = shop.verdict;
export const report = shop.resultUrl;
