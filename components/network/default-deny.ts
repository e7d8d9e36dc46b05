import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { removedAtOnce } from "../kube/annotations";
import { managedBy } from "../kube/labels";

/** Where a `DefaultDeny` closes the door. */
export interface DefaultDenyArgs {
  /** Namespace whose pods are closed off. */
  namespace: pulumi.Input<string>;
}

/** Forbids all traffic from and to every pod of a namespace; what a run needs is opened by other policies, which add up. */
export class DefaultDeny extends pulumi.ComponentResource {
  readonly policyName: pulumi.Output<string>;

  constructor(name: string, args: DefaultDenyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:DefaultDeny", name, {}, opts);
    const policy = new k8s.networking.v1.NetworkPolicy(
      name,
      {
        metadata: { name: "default-deny", namespace: args.namespace, labels: managedBy, annotations: removedAtOnce },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: this },
    );
    this.policyName = policy.metadata.name;
    this.registerOutputs({ policyName: this.policyName });
  }
}
