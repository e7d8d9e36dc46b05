import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { managedBy } from "../kube/labels";
import { childName } from "./child-name";
import { removedAtOnce } from "../kube/annotations";
import { type ApiServerAddress, controllerPolicy, runnerPolicy, starterPolicy } from "./policies";

/** What an operator and its runs are let do in the network. */
export interface OperatorPoliciesArgs {
  /** Namespace of the controller. */
  namespace: pulumi.Input<string>;
  /** Namespaces of runs; none: the whole cluster, and then runners are left to whoever owns their namespaces. */
  watched?: pulumi.Input<string>[];
  /** Labels of the controller's pods. */
  labels: pulumi.Input<Record<string, string>>;
  apiServer?: ApiServerAddress;
  /** The controller is somebody else's, and so is what it may reach. @default false */
  isAdopted?: boolean;
}

/** Closes the controller off but for the API server, names and runners, and the runners' control port but for controller and starters. */
export class OperatorPolicies extends pulumi.ComponentResource {
  readonly policyNames: pulumi.Output<string[]>;

  constructor(name: string, args: OperatorPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:OperatorPolicies", name, {}, opts);
    const { namespace, watched, labels, apiServer, isAdopted = false } = args;
    const policy = (
      suffix: string,
      where: pulumi.Input<string>,
      policyName: pulumi.Input<string>,
      spec: k8s.types.input.networking.v1.NetworkPolicySpec,
    ) =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${suffix}`,
        { metadata: { name: policyName, namespace: where, labels: managedBy, annotations: removedAtOnce }, spec },
        { parent: this },
      );

    const own = isAdopted ? [] : [policy("controller", namespace, name, controllerPolicy(labels, watched, apiServer))];
    const others = (watched ?? []).flatMap((where, index) => [
      policy(
        `${childName(where, index)}-runners`,
        where,
        pulumi.interpolate`${namespace}-${name}-runners`,
        runnerPolicy(labels, namespace),
      ),
      policy(`${childName(where, index)}-starters`, where, pulumi.interpolate`${namespace}-${name}-starters`, starterPolicy),
    ]);
    this.policyNames = pulumi.all([...own, ...others].map(({ metadata }) => metadata.name));
    this.registerOutputs({ policyNames: this.policyNames });
  }
}
