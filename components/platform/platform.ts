import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../errors";
import type { ClusterAccess } from "../kube/cluster";
import type { InfluxDbSettings } from "../metrics/influxdb";
import { InfluxDb } from "../metrics/influxdb";
import { DefaultDeny } from "../network/default-deny";
import { PlatformPolicies } from "../network/platform-policies";
import type { OperatorBinding } from "../run/load-test-args";
import type { StoreBinding } from "../run/types";
import { behindGateway, checkPlatformGateway, hasGateway, type PlatformGatewaySettings } from "./gateway";
import { LoadTestNamespace } from "./namespace";
import { PlatformOperator } from "./operator";
import { operatorNamespace, platformOperatorProblems, type PlatformOperatorSettings } from "./operator-settings";
import type { QuotaSettings } from "./quota";

/** What a `LoadTestPlatform` is. */
export interface LoadTestPlatformArgs {
  /** Namespace for everything of the platform; it is created. @default the component's name */
  namespace?: string;
  quota?: QuotaSettings;
  store?: InfluxDbSettings;
  /** Between runners and store; runners have no way to the store then, and no token for it. @default one as it comes */
  gateway?: PlatformGatewaySettings;
  /** A k6-operator for the load tests, deployed or adopted; `{}` deploys one as it comes. @default none */
  operator?: PlatformOperatorSettings;
  /** Refuse to delete the namespace and the store with its data. @default false */
  protect?: boolean;
  /** The cluster, as in the Kubernetes provider of this component. @default the ambient one */
  cluster?: ClusterAccess;
}

/**
 * The long-lived part of a stack: a namespace for restricted pods within a quota, closed to all traffic but what a run needs,
 * a store for samples with a gateway before it, and a k6-operator where one is wanted. Load tests are added to it with `LoadTest`.
 *
 * Give a Kubernetes provider by `opts.provider`; the run itself reaches the same cluster by `args.cluster`.
 *
 * @throws {ArgumentError} with everything that is wrong with gateway and operator, before anything is created
 */
export class LoadTestPlatform extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** How runs write to the store and how they are judged from it; a secret as a whole, since it holds the token for reading. */
  readonly store: pulumi.Output<StoreBinding>;
  readonly cluster: pulumi.Output<ClusterAccess>;
  /** By it load tests are run, unless they say otherwise. */
  readonly operator?: OperatorBinding;

  constructor(name: string, args: LoadTestPlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:LoadTestPlatform", name, {}, opts);
    const { cluster = {}, protect = false } = args;
    const child = { parent: this };
    const ownNamespace = args.namespace ?? name;
    check(name, ownNamespace, args);

    const { namespace } = new LoadTestNamespace(name, { namespace: ownNamespace, quota: args.quota }, { ...child, protect });
    const closed = new DefaultDeny(`${name}-deny`, { namespace }, child);
    const opened = new PlatformPolicies(name, { namespace, hasGateway: hasGateway(args.gateway) }, child);
    // No pod of ours runs before the door is closed.
    const store = new InfluxDb(
      `${name}-store`,
      { ...args.store, namespace, cluster },
      { ...child, protect, dependsOn: [closed, opened] },
    );

    if (args.operator !== undefined) {
      const where = operatorNamespace(ownNamespace, args.operator);
      const { starterImage } = new PlatformOperator(
        `${name}-operator`,
        { watched: namespace, namespace: where, settings: args.operator, cluster },
        { ...child, dependsOn: [closed, opened] },
      );
      this.operator = { starterImage };
    }

    this.namespace = namespace;
    this.store = hasGateway(args.gateway)
      ? behindGateway(`${name}-gateway`, { ...args.gateway, namespace, store }, { ...child, dependsOn: [closed, opened] })
      : store.binding;
    // A kubeconfig may be given by its content, with the keys in it.
    this.cluster = cluster.kubeconfig === undefined ? pulumi.output(cluster) : pulumi.secret(cluster);
    this.registerOutputs({ namespace: this.namespace, store: this.store, cluster: this.cluster, operator: this.operator });
  }
}

function check(name: string, namespace: string, { gateway, operator }: LoadTestPlatformArgs): void {
  const problems = new Problems();
  checkPlatformGateway(gateway, problems);
  const found = operator === undefined ? [] : platformOperatorProblems(namespace, operator);
  found.forEach(({ path, reason }) => problems.add(`operator.${path}`, reason));
  problems.throwIfAny(`platform ${name}`);
}
