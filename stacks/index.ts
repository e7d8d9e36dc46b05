import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LoadTest, LoadTestPlatform } from "pulumi-k6";
import { DemoTarget } from "./demo-target";
import { loadTestArgs, platformArgs } from "./settings/arguments";
import { readSettings } from "./settings/read";

// Pulumi's types leave it out.
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
const config = pulumi.runtime.allConfig();
const secretKeys = Object.keys(config).filter((key) => isConfigSecret(key));
const settings = readSettings(pulumi.getStack(), pulumi.getProject(), config, secretKeys);
const { context, demoTarget } = settings;

// The provider does not know that a kubeconfig may hold keys.
const isSecret = secretKeys.includes(`${pulumi.getProject()}:kubeconfig`);
const kubeconfig = isSecret ? pulumi.secret(settings.kubeconfig ?? "") : settings.kubeconfig;
const cluster = new k8s.Provider("cluster", { context, kubeconfig });
const platform = new LoadTestPlatform("platform", platformArgs(settings), { providers: [cluster] });
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
export const exploreUrls = each((test) => test.exploreUrl);
export const reportPaths = each((test) => test.reportPath);
/** Address of Grafana, where the platform has one. */
export const { grafanaUrl } = platform;
