import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LoadTest, LoadTestPlatform } from "pulumi-k6";
import { DemoTarget } from "./demo-target";
import { loadTestArgs } from "./settings/load-test-args";
import { readSettings } from "./settings/read";

const settings = readSettings(pulumi.getStack(), pulumi.getProject(), pulumi.runtime.allConfig());
const { context, kubeconfig, images, demoTarget } = settings;

const cluster = new k8s.Provider("cluster", { context, kubeconfig });
const platform = new LoadTestPlatform(
  "platform",
  { ...settings.platform, store: { ...settings.platform.store, image: images.influxdb }, cluster: { context, kubeconfig } },
  { providers: [cluster] },
);
const dependsOn = demoTarget === undefined ? [] : [new DemoTarget("demo", demoTarget, { providers: [cluster] })];

const loadTests = Object.entries(settings.loadTests).map(([name, loadTest]) => ({
  name,
  test: new LoadTest(name, { platform, ...loadTestArgs(settings, loadTest) }, { providers: [cluster], dependsOn }),
}));

/** An output of every load test, by its name. */
function each<T>(output: (test: LoadTest) => pulumi.Output<T>): Record<string, pulumi.Output<T>> {
  return Object.fromEntries(loadTests.map(({ name, test }) => [name, output(test)]));
}

export const runs = each((test) => test.run);
export const verdicts = each((test) => test.verdict);
export const resultUrls = each((test) => test.resultUrl);
export const reportPaths = each((test) => test.reportPath);
