import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../kube/cluster";
import type { InfluxDbSettings } from "../metrics/influxdb";
import { InfluxDb } from "../metrics/influxdb";
import { DefaultDeny } from "../network/default-deny";
import { PlatformPolicies } from "../network/platform-policies";
import type { StoreBinding } from "../run/types";
import { LoadTestNamespace } from "./namespace";
import type { QuotaSettings } from "./quota";

/** What a `LoadTestPlatform` is. */
export interface LoadTestPlatformArgs {
  /** Namespace for everything of the platform; it is created. @default the component's name */
  namespace?: string;
  quota?: QuotaSettings;
  store?: InfluxDbSettings;
  /** Refuse to delete the namespace and the store with its data. @default false */
  protect?: boolean;
  /** The cluster, as in the Kubernetes provider of this component. @default the ambient one */
  cluster?: ClusterAccess;
}

/**
 * The long-lived part of a stack: a namespace for restricted pods within a quota, closed to all traffic but what a run needs,
 * and a store for samples. Load tests are added to it with `LoadTest`.
 *
 * Give a Kubernetes provider by `opts.provider`; the run itself reaches the same cluster by `args.cluster`.
 */
export class LoadTestPlatform extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** How runs write to the store and how they are judged from it; a secret as a whole, since it holds the token for reading. */
  readonly store: pulumi.Output<StoreBinding>;
  readonly cluster: pulumi.Output<ClusterAccess>;

  constructor(name: string, args: LoadTestPlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:LoadTestPlatform", name, {}, opts);
    const { cluster = {}, protect = false } = args;
    const child = { parent: this };

    const { namespace } = new LoadTestNamespace(
      name,
      { namespace: args.namespace ?? name, quota: args.quota },
      { ...child, protect },
    );
    const closed = new DefaultDeny(`${name}-deny`, { namespace }, child);
    const opened = new PlatformPolicies(name, { namespace }, child);
    // No pod of ours runs before the door is closed.
    const store = new InfluxDb(
      `${name}-store`,
      { ...args.store, namespace, cluster },
      { ...child, protect, dependsOn: [closed, opened] },
    );

    this.namespace = namespace;
    this.store = pulumi.output({
      writeUrl: store.url,
      bucket: store.bucket,
      org: store.org,
      writeSecret: store.writeSecret,
      service: { namespace, service: store.service, port: store.port },
      readToken: store.readToken,
    });
    // A kubeconfig may be given by its content, with the keys in it.
    this.cluster = cluster.kubeconfig === undefined ? pulumi.output(cluster) : pulumi.secret(cluster);
    this.registerOutputs({ namespace: this.namespace, store: this.store, cluster: this.cluster });
  }
}
