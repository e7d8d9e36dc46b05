import type { z } from "zod";
import type { settingsSchema } from "../../../stacks/settings/schema";

/** The settings of a stack as somebody writes them. */
export type GivenSettings = z.input<typeof settingsSchema>;
/** The settings of one load test as somebody writes them. */
export type GivenLoadTest = NonNullable<GivenSettings["loadTests"]>[string];

/** Namespace of the platform that the tests stand up. */
export const namespace = "load-tests-shows";

/** Every namespace of the stack: the platform's and the demo target's. */
export const stackNamespaces: readonly string[] = [namespace, "demo"];

/** A stack like the lab's, without a load test. */
export function platformSettings(reportFolder: string): GivenSettings {
  return {
    useCurrentContext: true,
    images: { k6: "lab.local/k6:1.1.0", influxdb: "lab.local/influxdb:2.9.1", telegraf: "lab.local/telegraf:1.37.2" },
    demoTarget: { image: "lab.local/target:1" },
    platform: {
      namespace,
      quota: { cpu: "3", memory: "3Gi", pods: 20 },
      store: { cpu: "300m", memory: "512Mi", storageSize: "1Gi", retentionHours: 1 },
      gateway: { expectedLoad: { requestsPerSecond: 50 } },
    },
    reportFolder,
  };
}

/** A load test of two small runners that may reach the demo target. */
export function loadTest(script: GivenLoadTest["script"], changes: Partial<GivenLoadTest> = {}): GivenLoadTest {
  const { env, ...others } = changes;
  return {
    script,
    runners: 2,
    resources: { cpu: "200m", memory: "128Mi" },
    startDeadlineSeconds: 30,
    deadlineSeconds: 60,
    ttlSeconds: 600,
    targets: [{ namespace: "demo", podLabels: { "app.kubernetes.io/name": "target" }, ports: [8080] }],
    // Busy machines start runners less evenly and reach a rate later; neither is what these tests look at.
    limits: { startSkewMs: 5000, droppedIterationsRatio: 0.2 },
    ...others,
    env: { TARGET_URL: "http://target.demo.svc:8080", TARGET_QUERY: "delay=5ms", ...env },
  };
}
