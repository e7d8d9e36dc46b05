import { LoadTest, LoadTestPlatform } from "pulumi-k6";

const platform = new LoadTestPlatform("load-tests", { quota: { cpu: "8", memory: "8Gi" } });

const shop = new LoadTest("shop", {
  platform,
  script: {
    path: "load/shop.ts",
    // Each of the runners logs in as other users: a session is not shared between two of them.
    splitFiles: { "users.csv": "load/users.csv" },
  },
  runners: 2,
  // The script says no load: here a few seconds, in another stack an hour.
  stages: [
    { duration: "30s", target: 20 },
    { duration: "2m", target: 20 },
    { duration: "10s", target: 0 },
  ],
  env: { TARGET_URL: "http://shop.shop.svc:8080" },
  targets: [{ namespace: "shop", podLabels: { app: "shop" }, ports: [8080] }],
  thresholds: { http_req_duration: ["p(95)<500"], http_req_failed: ["rate<0.01"] },
});

export const verdict = shop.verdict;
export const report = shop.resultUrl;
