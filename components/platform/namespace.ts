import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { removedAtOnce } from "../kube/annotations";
import { labelKeys, managedBy } from "../kube/labels";
import type { QuotaSettings } from "./quota";
import { quotaLimits } from "./quota";

/** What a `LoadTestNamespace` is. */
export interface LoadTestNamespaceArgs {
  /** Name of the namespace. */
  namespace: string;
  quota?: QuotaSettings;
  /** Whether the namespace outlives the stack, with the volumes in it. @default false */
  retain?: boolean;
}

/** A namespace in which only restricted pods run, within a quota. */
export class LoadTestNamespace extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: LoadTestNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:LoadTestNamespace", name, {}, opts);
    const namespace = new k8s.core.v1.Namespace(
      name,
      {
        metadata: { name: args.namespace, labels: { ...managedBy, [labelKeys.platform]: args.namespace, ...podSecurityLabels } },
      },
      { parent: this, retainOnDelete: args.retain },
    );
    const inside = { namespace: namespace.metadata.name, labels: managedBy, annotations: removedAtOnce };
    new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: { ...inside, name: "load-tests" }, spec: { hard: quotaLimits(args.quota ?? {}) } },
      { parent: this },
    );
    new k8s.core.v1.LimitRange(
      `${name}-limits`,
      { metadata: { ...inside, name: "load-tests" }, spec: { limits: [containerDefaults] } },
      { parent: this },
    );
    this.namespace = namespace.metadata.name;
    this.registerOutputs({ namespace: this.namespace });
  }
}

/** Labels of a namespace into which only restricted pods are let. */
export const podSecurityLabels: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "warn", "audit"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
);

/** For containers that say nothing, which a quota would otherwise refuse. */
const containerDefaults = {
  type: "Container",
  default: { cpu: "100m", memory: "128Mi" },
  defaultRequest: { cpu: "100m", memory: "128Mi" },
};
