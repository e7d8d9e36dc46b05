import * as pulumi from "@pulumi/pulumi";
import { LoadTest, LoadTestPlatform } from "pulumi-k6";

const platform = new LoadTestPlatform("load-tests", { quota: { cpu: "8", memory: "8Gi" } });

const orders = new LoadTest("orders", {
  platform,
  script: { path: "orders.js" },
  runners: 2,
  // pulumi config set --secret apiToken <token>
  secrets: { "api-token": new pulumi.Config().requireSecret("apiToken") },
  env: { TARGET_URL: "http://orders.shop.svc:8080" },
  targets: [{ namespace: "shop", podLabels: { app: "orders" }, ports: [8080] }],
  thresholds: { http_req_failed: ["rate<0.01"] },
});

export const verdict = orders.verdict;
export const report = orders.resultUrl;
