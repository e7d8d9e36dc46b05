import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../kube/cluster";
import { managedBy } from "../kube/labels";
import { DefaultDeny } from "../network/default-deny";
import { K6Operator } from "../operator/operator";
import type { OperatorSettings } from "../operator/settings";
import { podSecurityLabels } from "./namespace";

/** What a `PlatformOperator` is. */
export interface PlatformOperatorArgs {
  /** Namespace of the runs. */
  watched: pulumi.Input<string>;
  /** Namespace of the operator. */
  namespace: string;
  settings: OperatorSettings;
  cluster: ClusterAccess;
}

/** A k6-operator that acts in one namespace alone, in a closed namespace of its own; or one that is already there, let in to the runners. */
export class PlatformOperator extends pulumi.ComponentResource {
  /** Known once the operator works and reaches runners. */
  readonly starterImage: pulumi.Output<string>;

  constructor(name: string, args: PlatformOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:PlatformOperator", name, {}, opts);
    const { watched, settings, cluster } = args;
    const child = { parent: this };
    const own = settings.adopt === true ? undefined : closedNamespace(name, args.namespace, child);
    const { starterImage } = new K6Operator(
      name,
      {
        ...settings,
        namespace: own?.namespace ?? args.namespace,
        watchNamespaces: [watched],
        networkPolicies: true,
        cluster,
      },
      { ...child, dependsOn: own?.closed },
    );
    this.starterImage = starterImage;
    this.registerOutputs({ starterImage });
  }
}

function closedNamespace(
  name: string,
  namespace: string,
  child: pulumi.CustomResourceOptions,
): { namespace: pulumi.Output<string>; closed: DefaultDeny } {
  const labels = { ...managedBy, ...podSecurityLabels };
  const made = new k8s.core.v1.Namespace(name, { metadata: { name: namespace, labels } }, child).metadata.name;
  return { namespace: made, closed: new DefaultDeny(`${name}-deny`, { namespace: made }, child) };
}
