import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../kube/cluster";
import { managedBy } from "../kube/labels";
import { checkOperatorArgs, versionOf } from "./arguments";
import { ControllerAccess } from "./controller-access";
import { controllerLabels, controllerPod, metricsPort } from "./controller-pod";
import { K6Crds } from "./crds/crds";
import { defaultImage, starterImageOf } from "./image";
import { OperatorPolicies } from "./operator-policies";
import { OperatorReady, type OperatorReadyArgs } from "./ready";
import type { OperatorSettings } from "./settings";
import { controllerResources } from "./sizing";
import { OperatorWatch } from "./watch";

/** What a `K6Operator` is, or with `adopt` which one it uses. */
export interface K6OperatorArgs extends OperatorSettings {
  /** Namespace of the operator; it must exist. */
  namespace: pulumi.Input<string>;
  /** @default "namespaces" */
  watch?: OperatorWatch;
  /** Namespaces in which TestRuns are run; they must exist. @default the operator's own */
  watchNamespaces?: pulumi.Input<string>[];
  /**
   * Close the operator off but for what it needs, and runners' control port but for the operator. With `adopt` only the runners' side is
   * ours. @default true, with `adopt` false
   */
  networkPolicies?: boolean;
  /** The cluster, for the proof that the operator works. @default the ambient one */
  cluster?: ClusterAccess;
}

/**
 * k6-operator: the controller that runs TestRuns, with the least rights that do. It counts as created when it has been seen to react to a
 * TestRun in every watched namespace: its own readiness probe says yes while it does nothing.
 *
 * @throws {ArgumentError} with everything that is wrong, before anything is created
 */
export class K6Operator extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** Of k6-operator, e.g. `1.6.0`. */
  readonly version: pulumi.Output<string>;
  /** Image for `starter.image` of TestRuns. Known once the operator works and reaches runners, so that what runs by it waits for that. */
  readonly starterImage: pulumi.Output<string>;

  constructor(name: string, args: K6OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:K6Operator", name, {}, opts);
    checkOperatorArgs(name, args);
    const { cluster = {}, readySeconds = 90, watch = OperatorWatch.namespaces } = args;
    const child = { parent: this };
    const namespace = pulumi.output(args.namespace);
    const watched = watch === OperatorWatch.cluster ? undefined : (args.watchNamespaces ?? [args.namespace]);
    const proof = { ...cluster, namespace, namespaces: pulumi.all(watched ?? [args.namespace]), timeoutSeconds: readySeconds };

    if (args.adopt === true) {
      const { version, starterImage } = adopted(name, args, watched, proof, child);
      this.version = version;
      this.starterImage = starterImage;
    } else {
      const image = args.image ?? defaultImage;
      const version = versionOf({ image, version: args.version });
      const ready = deploy(name, { ...args, image, version }, watched, proof, child);
      this.version = pulumi.output(version);
      this.starterImage = ready.id.apply(() => args.starterImage ?? starterImageOf(image, version));
    }
    this.namespace = namespace;
    this.registerOutputs({ namespace: this.namespace, version: this.version, starterImage: this.starterImage });
  }
}

type Proof = Omit<OperatorReadyArgs, "deployment" | "statedVersion" | "rollout">;

/** Finds the operator that is there; by the labels of its pods runners let it in. */
function adopted(
  name: string,
  { version, starterImage, networkPolicies = false }: K6OperatorArgs,
  watched: pulumi.Input<string>[] | undefined,
  proof: Proof,
  child: pulumi.CustomResourceOptions,
): { version: pulumi.Output<string>; starterImage: pulumi.Output<string> } {
  const ready = new OperatorReady(name, { ...proof, deployment: "", statedVersion: version ?? "", rollout: "" }, child);
  const { namespace } = proof;
  const policies = networkPolicies
    ? [new OperatorPolicies(name, { namespace, watched, labels: ready.podLabels, isAdopted: true }, child)]
    : [];
  const opened = pulumi.all(policies.map(({ policyNames }) => policyNames));
  return {
    version: ready.version,
    starterImage: pulumi
      .all([ready.image, ready.version, opened])
      .apply(([image, found]) => starterImage ?? starterImageOf(image, found)),
  };
}

// Replicas that elect a leader may overlap. A single one ends before the next one starts: two that know nothing of each other would both act.
const oneMore = { maxSurge: 1, maxUnavailable: 0 };
const oneLess = { maxSurge: 0, maxUnavailable: 1 };

function deploy(
  name: string,
  args: K6OperatorArgs & { image: string; version: string },
  watched: pulumi.Input<string>[] | undefined,
  proof: Proof,
  child: pulumi.CustomResourceOptions,
): OperatorReady {
  const { namespace, image, version, replicas = 1 } = args;
  const matchLabels = controllerLabels(name);
  const labels = { ...managedBy, ...matchLabels };
  const metadata = { name, namespace, labels };

  // The controller ends where a kind that it watches is missing, and an older definition would drop fields that a newer one reads.
  const crds = (args.manageCrds ?? true) ? [new K6Crds(name, {}, child)] : [];
  const access = new ControllerAccess(name, { namespace, watched, labels, hasLeaderElection: replicas > 1 }, child);
  const policies =
    (args.networkPolicies ?? true)
      ? [new OperatorPolicies(name, { namespace, watched, labels: matchLabels, apiServer: args.apiServer }, child)]
      : [];

  const deployment = new k8s.apps.v1.Deployment(
    name,
    {
      metadata,
      spec: {
        replicas,
        strategy: { type: "RollingUpdate", rollingUpdate: replicas > 1 ? oneMore : oneLess },
        selector: { matchLabels },
        template: {
          metadata: { labels },
          spec: controllerPod({
            ...args,
            image,
            labels: matchLabels,
            serviceAccountName: access.serviceAccountName,
            hasLeaderElection: replicas > 1,
            resources: args.resources ?? controllerResources(args.expectedRunners ?? 20),
            watchNamespaces: watched === undefined ? undefined : commaSeparated(watched),
          }),
        },
      },
    },
    { ...child, dependsOn: [...crds, access, ...policies] },
  );
  new k8s.core.v1.Service(
    `${name}-metrics`,
    {
      // Pulumi would wait 10 s for endpoints to settle, and nothing here needs them.
      metadata: { ...metadata, name: `${name}-metrics`, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { selector: matchLabels, ports: [{ name: "metrics", port: metricsPort, targetPort: "metrics" }] },
    },
    { ...child, dependsOn: deployment },
  );
  if (replicas > 1) {
    new k8s.policy.v1.PodDisruptionBudget(name, { metadata, spec: { minAvailable: 1, selector: { matchLabels } } }, child);
  }
  const rollout = pulumi.interpolate`${deployment.metadata.uid}/${deployment.metadata.generation}`;
  return new OperatorReady(
    name,
    { ...proof, deployment: deployment.metadata.name, statedVersion: version, rollout },
    { ...child, dependsOn: [deployment, access, ...policies] },
  );
}

function commaSeparated(values: pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi.all(values).apply((known) => known.join(","));
}
