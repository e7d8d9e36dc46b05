import { LoadTest, LoadTestPlatform } from "pulumi-k6";

const platform = new LoadTestPlatform("load-tests", { quota: { cpu: "8", memory: "8Gi" } });

const shop = new LoadTest("shop", {
  platform,
  script: { path: "shop.js" },
  runners: 4,
  env: { TARGET_URL: "http://shop.shop.svc:8080" },
  targets: [{ namespace: "shop", podLabels: { app: "shop" }, ports: [8080] }],
  thresholds: { http_req_duration: ["p(95)<500"], http_req_failed: ["rate<0.01"] },
  deadlineSeconds: 300,
});

export const verdict = shop.verdict;
export const report = shop.resultUrl;
