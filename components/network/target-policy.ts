import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../errors";
import { removedAtOnce } from "../kube/annotations";
import { managedBy, runnerLabels } from "../kube/labels";
import type { Target } from "./targets";
import { checkTargets, egressRules } from "./targets";

/** What a `TargetPolicy` allows. */
export interface TargetPolicyArgs {
  /** Namespace of the runners. */
  namespace: pulumi.Input<string>;
  /** Name of the load test whose runners are let through. */
  test: string;
  /** The systems under test; with none the runners reach no target. */
  targets: Target[];
}

/**
 * Lets the runners of one load test reach its targets and nothing else.
 *
 * Policies add up: this one only opens; the closed door is the platform's `DefaultDeny`.
 *
 * @throws {ArgumentError} when a target cannot be used
 */
export class TargetPolicy extends pulumi.ComponentResource {
  readonly policyName: pulumi.Output<string>;

  constructor(name: string, args: TargetPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:TargetPolicy", name, {}, opts);
    const problems = new Problems();
    checkTargets(args.targets, "targets", problems);
    problems.throwIfAny(`target policy ${name}`);

    const policy = new k8s.networking.v1.NetworkPolicy(
      name,
      {
        metadata: { name: `target-${args.test}`, namespace: args.namespace, labels: managedBy, annotations: removedAtOnce },
        spec: {
          podSelector: { matchLabels: runnerLabels(args.test) },
          policyTypes: ["Egress"],
          egress: egressRules(args.targets),
        },
      },
      { parent: this },
    );
    this.policyName = policy.metadata.name;
    this.registerOutputs({ policyName: this.policyName });
  }
}
