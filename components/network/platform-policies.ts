import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { removedAtOnce } from "../kube/annotations";
import { managedBy } from "../kube/labels";
import { platformPolicies } from "./platform-rules";

/** Where `PlatformPolicies` opens. */
export interface PlatformPoliciesArgs {
  /** Namespace of runners and store. */
  namespace: pulumi.Input<string>;
  /** Whether runners write to a gateway, and not to the store. @default false */
  hasGateway?: boolean;
}

/** Opens what every run needs: names, what samples go to, and runners to each other. */
export class PlatformPolicies extends pulumi.ComponentResource {
  readonly policyNames: pulumi.Output<string[]>;

  constructor(name: string, args: PlatformPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:PlatformPolicies", name, {}, opts);
    const policies = Object.entries(platformPolicies({ hasGateway: args.hasGateway ?? false })).map(
      ([policy, spec]) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${policy}`,
          { metadata: { name: policy, namespace: args.namespace, labels: managedBy, annotations: removedAtOnce }, spec },
          { parent: this },
        ),
    );
    this.policyNames = pulumi.all(policies.map(({ metadata }) => metadata.name));
    this.registerOutputs({ policyNames: this.policyNames });
  }
}
