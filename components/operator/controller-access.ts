import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { childName } from "./child-name";
import { removedAtOnce } from "../kube/annotations";
import { leaderRules, type Rule, watchRules } from "./rbac";

/** What a controller is allowed. */
export interface ControllerAccessArgs {
  /** Namespace of the controller. */
  namespace: pulumi.Input<string>;
  /** Namespaces that it watches; none: the whole cluster. */
  watched?: pulumi.Input<string>[];
  labels: Record<string, string>;
  hasLeaderElection: boolean;
}

/** The controller's account with the least rights that do: a Role in each watched namespace, or a ClusterRole where it watches all. */
export class ControllerAccess extends pulumi.ComponentResource {
  readonly serviceAccountName: pulumi.Output<string>;

  constructor(name: string, args: ControllerAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:ControllerAccess", name, {}, opts);
    const { namespace, watched, labels, hasLeaderElection } = args;
    const child = { parent: this };
    const account = new k8s.core.v1.ServiceAccount(
      name,
      { metadata: { name, namespace, labels, annotations: removedAtOnce } },
      child,
    );
    const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];

    // Several stacks may have an operator of the same name in one cluster, or watch the same namespace.
    const clusterWide = pulumi.interpolate`${namespace}-${name}`;
    const allow = (suffix: string, where: pulumi.Input<string>, roleName: pulumi.Input<string>, rules: readonly Rule[]) => {
      const metadata = { name: roleName, namespace: where, labels, annotations: removedAtOnce };
      const role = new k8s.rbac.v1.Role(`${name}-${suffix}`, { metadata, rules: [...rules] }, child);
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
      new k8s.rbac.v1.RoleBinding(`${name}-${suffix}`, { metadata, roleRef, subjects }, child);
    };
    watched?.forEach((where, index) => allow(childName(where, index), where, clusterWide, watchRules));
    if (watched === undefined) {
      const metadata = { name: clusterWide, labels, annotations: removedAtOnce };
      const role = new k8s.rbac.v1.ClusterRole(name, { metadata, rules: [...watchRules] }, child);
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name };
      new k8s.rbac.v1.ClusterRoleBinding(name, { metadata, roleRef, subjects }, child);
    }
    if (hasLeaderElection) {
      allow("leader", namespace, `${name}-leader`, leaderRules);
    }
    this.serviceAccountName = account.metadata.name;
    this.registerOutputs({ serviceAccountName: this.serviceAccountName });
  }
}
