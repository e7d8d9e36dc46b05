import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../kube/cluster";
import { managedBy } from "../kube/labels";
import { checkOperatorArgs, versionOf } from "./arguments";
import { ControllerAccess } from "./controller-access";
import { controllerLabels, controllerPod, metricsPort } from "./controller-pod";
import { K6Crds } from "./crds/crds";
import { defaultImage, starterImageOf } from "./image";
import type { ApiServerAddress } from "./policies";
import { OperatorPolicies } from "./operator-policies";
import { OperatorReady, type OperatorReadyArgs } from "./ready";
import { controllerResources } from "./sizing";
import { OperatorWatch } from "./watch";

/** What a `K6Operator` is, or with `adopt` which one it uses. */
export interface K6OperatorArgs {
  /** Namespace of the operator; it must exist. */
  namespace: pulumi.Input<string>;
  /** @default "namespaces" */
  watch?: OperatorWatch;
  /** Namespaces in which TestRuns are run; they must exist. @default the operator's own */
  watchNamespaces?: pulumi.Input<string>[];
  /** Use the operator that is already in `namespace`, and create nothing. @default false */
  adopt?: boolean;
  /** Image of the controller, by version or digest. @default "ghcr.io/grafana/k6-operator:controller-v1.6.0" */
  image?: string;
  /** Version of k6-operator, where the image's tag does not tell it. */
  version?: string;
  /** Most runners at a time in all watched namespaces; memory is sized by it. @default 20 */
  expectedRunners?: number;
  /** Requests and limits instead of what `expectedRunners` gives. */
  resources?: k8s.types.input.core.v1.ResourceRequirements;
  /** More than one elect a leader. @default 1 */
  replicas?: number;
  priorityClassName?: string;
  /** Names of Secrets in `namespace`. @default none */
  imagePullSecrets?: string[];
  nodeSelector?: Record<string, string>;
  tolerations?: k8s.types.input.core.v1.Toleration[];
  /** Install the CustomResourceDefinitions; `false` where somebody else does. They stay when this component goes. @default true */
  manageCrds?: boolean;
  /** Close the operator off but for what it needs, and runners' control port but for the operator. @default true */
  networkPolicies?: boolean;
  /** Narrows what the operator may reach as API server. @default ports 443 and 6443 anywhere */
  apiServer?: ApiServerAddress;
  /** Seconds in which the operator must react to a TestRun. @default 90 */
  readySeconds?: number;
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
  /** Image for `starter.image` of TestRuns: the one that was released with the controller. */
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
      const ready = new OperatorReady(name, { ...proof, deployment: "", statedVersion: args.version ?? "", rollout: "" }, child);
      this.version = ready.version;
      this.starterImage = pulumi.all([ready.image, ready.version]).apply(([image, version]) => starterImageOf(image, version));
    } else {
      const image = args.image ?? defaultImage;
      const version = versionOf({ image, version: args.version });
      deploy(name, { ...args, image, version }, watched, proof, child);
      this.version = pulumi.output(version);
      this.starterImage = pulumi.output(starterImageOf(image, version));
    }
    this.namespace = namespace;
    this.registerOutputs({ namespace: this.namespace, version: this.version, starterImage: this.starterImage });
  }
}

// Replicas that elect a leader may overlap. A single one ends before the next one starts: two that know nothing of each other would both act.
const oneMore = { maxSurge: 1, maxUnavailable: 0 };
const oneLess = { maxSurge: 0, maxUnavailable: 1 };

type Proof = Omit<OperatorReadyArgs, "deployment" | "statedVersion" | "rollout">;

function deploy(
  name: string,
  args: K6OperatorArgs & { image: string; version: string },
  watched: pulumi.Input<string>[] | undefined,
  proof: Proof,
  child: pulumi.CustomResourceOptions,
): void {
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
  new OperatorReady(
    name,
    { ...proof, deployment: deployment.metadata.name, statedVersion: version, rollout },
    { ...child, dependsOn: [deployment, access, ...policies] },
  );
}

function commaSeparated(values: pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi.all(values).apply((known) => known.join(","));
}
