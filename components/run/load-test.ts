import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../errors";
import { removedAtOnce } from "../kube/annotations";
import type { ClusterAccess } from "../kube/cluster";
import { runnerLabels } from "../kube/labels";
import { runName } from "../kube/names";
import { TargetPolicy } from "../network/target-policy";
import type { Target } from "../network/targets";
import { configMapContent } from "./harness/files";
import { planDigest, type RunIdentity } from "./plan";
import { LoadTestRun } from "./run";
import { hasLoad, type LoadShape } from "./script/load-shape";
import { secretData } from "./script/secrets";
import type { Script, ScriptSource } from "./script/source";
import { validated, withoutUndefined } from "./settings";
import type {
  EngineName,
  RunnerReport,
  RunnerResources,
  ScriptForm,
  ScriptSecrets,
  StoreBinding,
  StoreLocation,
  ThresholdMap,
  ValidityLimits,
  Verdict,
} from "./types";
import { VerdictGate } from "./verdict-gate";

/** What a load test needs of a platform; a `LoadTestPlatform` has it. */
export interface PlatformBinding {
  /** Where runners run. */
  namespace: pulumi.Input<string>;
  store: pulumi.Input<StoreBinding>;
  /** The cluster as the run itself reaches it. */
  cluster: pulumi.Input<ClusterAccess>;
  /** The k6-operator that watches the namespace, such as a `K6Operator`. @default none */
  operator?: OperatorBinding;
}

/** What a load test needs of a k6-operator; a `K6Operator` has it. */
export interface OperatorBinding {
  /** Image with a shell and curl by which k6-operator starts runners. */
  starterImage: pulumi.Input<string>;
}

/**
 * What a `LoadTest` runs, and how. Its name is the component's.
 *
 * `vus`, `duration`, `iterations` and `stages` are for a script without scenarios; one that has some is refused with them.
 */
export interface LoadTestArgs extends LoadShape {
  /** Usually a `LoadTestPlatform`. */
  platform: PlatformBinding;
  /** The k6 script. */
  script: ScriptSource;
  /** How many pods share the load. @default 1 */
  runners?: number;
  /** How runners are orchestrated: by k6-operator, at most 350 of them, or by Kubernetes alone. @default "operator" where the platform has one, else "job" */
  engine?: EngineName;
  /** Thresholds over the samples of all runners, in k6's syntax: `{ http_req_duration: ["p(95)<500"] }`. @default none */
  thresholds?: ThresholdMap;
  /** The systems under test that runners may reach. @default none */
  targets?: Target[];
  /** Variables for the script (`__ENV`). @default none */
  env?: Record<string, pulumi.Input<string>>;
  /** Secrets for the script, by name: `await secrets.get("name")` of `k6/secrets`. Never in arguments, tags or names. @default none */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Names of secrets that are variables (`__ENV`) too; whoever sees the processes of a node sees them. @default none */
  secretEnv?: string[];
  /** Of one runner. @default 500m CPU, 256Mi */
  resources?: Partial<RunnerResources>;
  /** An image with k6 1.1 or newer and a shell. @default "grafana/k6:1.1.0" */
  image?: pulumi.Input<string>;
  /** @default "IfNotPresent" */
  imagePullPolicy?: string;
  /** Seconds from a runner's start to the moment its node stops it, whatever happens. @default 900 */
  deadlineSeconds?: number;
  /** Seconds in which all runners must be ready to start together. @default 120, at most half of `deadlineSeconds` */
  startDeadlineSeconds?: number;
  /** Seconds that finished pods are kept. @default 3600 */
  ttlSeconds?: number;
  /** Limits past which a run is not believed. @default 1000 ms start skew, no dropped iterations */
  limits?: Partial<ValidityLimits>;
  /** Any text; another text runs the test again. @default "" */
  trigger?: string;
  /** Fail `pulumi up` when the verdict is not `pass`. @default true */
  gate?: boolean;
  /** Folder for reports, relative to the program. @default "reports" */
  reportFolder?: string;
}

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
  readonly resultUrl: pulumi.Output<string>;
  readonly reportPath: pulumi.Output<string>;
  /** The whole result as JSON text. */
  readonly resultJson: pulumi.Output<string>;

  constructor(name: string, args: LoadTestArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:LoadTest", name, {}, opts);
    const { platform, ...own } = args;
    const { operator } = platform;
    const { settings, script } = validated(name, {
      engine: operator === undefined ? "job" : "operator",
      ...withoutUndefined(own),
    });
    const starter = starterOf(name, settings.engine, operator);
    const { targets, env, load, secrets, secretEnv, gate, reportFolder, ttlSeconds, ...sizes } = settings;
    const child = { parent: this };

    const configMap = new k8s.core.v1.ConfigMap(
      `${name}-script`,
      {
        // Named by Pulumi, never twice the same: a failed `pulumi up` leaves the removal of the old one for later, and by then a name made of
        // the content could, after a return to the old script, be the name of the one in use.
        metadata: { namespace: platform.namespace, labels: runnerLabels(name), annotations: removedAtOnce },
        immutable: true,
        ...configMapContent(script),
      },
      child,
    );
    const secret = secretsOf(name, platform, { secrets, secretEnv }, child);
    const policy = new TargetPolicy(name, { namespace: platform.namespace, test: name, targets }, child);

    const identity = {
      ...sizes,
      namespace: platform.namespace,
      test: name,
      scriptDigest: script.digest,
      ...formOf(script),
      ...(hasLoad(load) ? { load } : {}),
      ...(secret === undefined ? {} : { secrets: secret }),
      store: locationOf(platform),
      env,
    };
    const run = new LoadTestRun(
      name,
      {
        ...identity,
        ...accessOf(platform),
        ...starter,
        // An output of its own, so that one secret value makes the whole a secret in the state.
        env: pulumi.output(env),
        run: nameOf(name, identity),
        scriptConfigMap: configMap.metadata.name,
        scriptName: script.name,
        readToken: pulumi.secret(pulumi.output(platform.store).readToken),
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
    this.reportPath = run.reportPath;
    this.resultJson = run.resultJson;
    const { verdict, reasons, runnerReports, resultUrl, reportPath, resultJson } = run;
    this.registerOutputs({ run: run.run, verdict, reasons, runnerReports, resultUrl, reportPath, resultJson });
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

/** How the script comes to its runners, where that is not the usual way. */
function formOf({ isArchive, entry, volumeClaim, splitFiles }: Script): { script?: ScriptForm } {
  const form = withoutUndefined({
    archive: isArchive ? entry : undefined,
    volumeClaim,
    splitFiles: splitFiles.length > 0 ? splitFiles : undefined,
  });
  return Object.keys(form).length === 0 ? {} : { script: form };
}

/** Eight digits of a digest tell nothing of what is secret among the variables. */
function nameOf(test: string, identity: { [Key in keyof RunIdentity]: unknown }): pulumi.Output<string> {
  const digest = pulumi
    .output(identity as pulumi.Input<RunIdentity>)
    .apply((known) => runName(test, planDigest(known as RunIdentity)));
  return pulumi.unsecret(digest);
}

/** The platform's store is a secret as a whole, for the token in it. */
function locationOf({ store }: PlatformBinding): pulumi.Output<StoreLocation> {
  const location = pulumi
    .output(store)
    .apply(({ writeUrl, bucket, org, writeSecret, service, url }) =>
      withoutUndefined({ writeUrl, bucket, org, writeSecret, service, url }),
    );
  return pulumi.unsecret(location);
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
