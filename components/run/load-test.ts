import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../errors";
import { removedAtOnce } from "../kube/annotations";
import { runnerLabels } from "../kube/labels";
import { runName } from "../kube/names";
import { TargetPolicy } from "../network/target-policy";
import type { LoadTestArgs, OperatorBinding, PlatformBinding } from "./load-test-args";
import { planDigest, type RunIdentity } from "./plan";
import type { ReportFiles } from "./report/write";
import { LoadTestRun, type LoadTestRunArgs } from "./run";
import { scriptConfigMaps } from "./script/config-maps";
import { formOf } from "./script/form";
import { hasLoad } from "./script/load-shape";
import { secretData } from "./script/secrets";
import { validated, withoutUndefined } from "./settings";
import type { EngineName, RunnerReport, ScriptSecrets, Verdict } from "./types";
import { VerdictGate } from "./verdict-gate";

/**
 * A load test and its newest run: `pulumi up` runs it when anything that makes the run what it is has changed, judges it, and writes a
 * report. The run before it is removed.
 *
 * @throws {ArgumentError} with everything that is wrong, before anything is created
 */
export class LoadTest extends pulumi.ComponentResource {
  /** `<test>-<digest8>` */
  readonly run: pulumi.Output<string>;
  readonly verdict: pulumi.Output<Verdict>;
  readonly reasons: pulumi.Output<string[]>;
  readonly runnerReports: pulumi.Output<RunnerReport[]>;
  /** The run's dashboard in Grafana, or the report's page without one. */
  readonly resultUrl: pulumi.Output<string>;
  /** A query for the run's samples in Grafana's Explore; empty without Grafana. */
  readonly exploreUrl: pulumi.Output<string>;
  /** The report as a page. */
  readonly reportPath: pulumi.Output<string>;
  /** The report in all its forms: page, JSON, JUnit XML and Markdown. */
  readonly reportFiles: pulumi.Output<ReportFiles>;
  /** The whole result as JSON text. */
  readonly resultJson: pulumi.Output<string>;

  constructor(name: string, args: LoadTestArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:LoadTest", name, {}, opts);
    const { platform, ...own } = args;
    const { operator } = platform;
    const { settings, script, inspected } = validated(name, {
      engine: operator === undefined ? "job" : "operator",
      ...withoutUndefined(own),
    });
    const starter = starterOf(name, settings.engine, operator);
    const { targets, env, load, secrets, secretEnv, gate, reportFolder, ttlSeconds, ...sizes } = settings;
    const child = { parent: this };

    const configMaps = scriptConfigMaps(name, platform.namespace, script, child);
    const secret = secretsOf(name, platform, { secrets, secretEnv }, child);
    const policy = new TargetPolicy(name, { namespace: platform.namespace, test: name, targets }, child);

    const store = locationOf(platform);
    const { writeUrl, bucket, org } = store;
    const identity = {
      ...sizes,
      namespace: platform.namespace,
      test: name,
      scriptDigest: script.digest,
      ...formOf(script),
      ...(hasLoad(load) ? { load } : {}),
      ...(secret === undefined ? {} : { secrets: secret }),
      store,
      env,
    };
    const run = new LoadTestRun(
      name,
      {
        ...identity,
        ...accessOf(platform),
        ...grafanaOf(platform),
        ...starter,
        // An output of its own, so that one secret value makes the whole a secret in the state.
        env: pulumi.output(env),
        // All that a run's name depends on of the store: a new name of the Secret for writing is no new run.
        run: nameOf(name, { ...identity, store: { writeUrl, bucket, org } }),
        ...configMaps,
        scriptName: script.name,
        inspected,
        readToken: pulumi.secret(platform.store.readToken),
        ttlSeconds,
        reportFolder,
      },
      { ...child, dependsOn: [policy] },
    );
    if (gate) {
      const { verdict, reasons, resultUrl, reportPath } = run;
      new VerdictGate(name, { run: run.run, verdict, reasons, resultUrl, reportPath }, child);
    }

    this.run = run.run;
    this.verdict = run.verdict;
    this.reasons = run.reasons;
    this.runnerReports = run.runnerReports;
    this.resultUrl = run.resultUrl;
    this.exploreUrl = run.exploreUrl;
    this.reportPath = run.reportPath;
    this.reportFiles = run.reportFiles;
    this.resultJson = run.resultJson;
    const { verdict, reasons, runnerReports, resultUrl, exploreUrl, reportPath, resultJson } = run;
    const outputs = {
      verdict,
      reasons,
      runnerReports,
      resultUrl,
      exploreUrl,
      reportPath,
      reportFiles: run.reportFiles,
      resultJson,
    };
    this.registerOutputs({ run: run.run, ...outputs });
  }
}

function starterOf(
  name: string,
  engine: EngineName,
  operator: OperatorBinding | undefined,
): { starterImage?: pulumi.Input<string> } {
  if (engine === "job") {
    return {};
  }
  if (operator === undefined) {
    const reason =
      'is "operator", and the platform has none. Give it a `K6Operator` as `platform.operator`, or use engine: "job".';
    throw new ArgumentError(`load test ${name}`, [{ path: "engine", reason }]);
  }
  return { starterImage: operator.starterImage };
}

/** The Secret of a load test that has secrets. Named by Pulumi: another content is another name, and so another run. */
function secretsOf(
  name: string,
  { namespace }: PlatformBinding,
  { secrets, secretEnv }: { secrets: Record<string, pulumi.Input<string>>; secretEnv: string[] },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<ScriptSecrets> | undefined {
  if (Object.keys(secrets).length === 0) {
    return undefined;
  }
  const secret = new k8s.core.v1.Secret(
    `${name}-secrets`,
    {
      metadata: { namespace, labels: runnerLabels(name), annotations: removedAtOnce },
      immutable: true,
      stringData: pulumi.secret(pulumi.output(secrets).apply((known) => secretData(name, known, secretEnv))),
    },
    opts,
  );
  return pulumi.output({ name: secret.metadata.name, env: secretEnv });
}

/** Eight digits of a digest tell nothing of what is secret among the variables. */
function nameOf(test: string, identity: { [Key in keyof RunIdentity]: unknown }): pulumi.Output<string> {
  const digest = pulumi
    .output(identity as pulumi.Input<RunIdentity>)
    .apply((known) => runName(test, planDigest(known as RunIdentity)));
  return pulumi.unsecret(digest);
}

/** Part by part, as `StoreParts` says; where somebody gives all of it as one secret, only the token is one. */
function locationOf({ store }: PlatformBinding): LoadTestRunArgs["store"] {
  const { writeUrl, bucket, org, writeSecret, service, url, mode } = store;
  const given = Object.entries(withoutUndefined({ writeUrl, bucket, org, writeSecret, service, url, mode }));
  return Object.fromEntries(
    given.map(([part, value]) => [part, pulumi.unsecret(pulumi.output<unknown>(value))]),
  ) as LoadTestRunArgs["store"];
}

/** Only what authorizes is a secret: links shall be read. */
function grafanaOf({ grafana }: PlatformBinding): Partial<Pick<LoadTestRunArgs, "grafana" | "grafanaAuthorization">> {
  if (grafana === undefined) {
    return {};
  }
  const runs = pulumi.output(grafana);
  return {
    grafana: pulumi.unsecret(runs.apply(({ grafana: shown }) => shown)),
    grafanaAuthorization: pulumi.secret(runs.apply(({ authorization }) => authorization)),
  };
}

function accessOf({ cluster }: PlatformBinding): {
  kubeconfig: pulumi.Output<string | undefined>;
  context: pulumi.Output<string | undefined>;
} {
  const access = pulumi.output(cluster);
  return {
    kubeconfig: access.apply(({ kubeconfig }) => kubeconfig),
    context: pulumi.unsecret(access.apply(({ context }) => context)),
  };
}
