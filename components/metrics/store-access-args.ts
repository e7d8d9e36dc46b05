import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../kube/cluster";

/** How a store is reached and by whom, each a value or an output. See `StoreAccess`. */
export interface StoreAccessArgs extends ClusterAccess {
  service?: { namespace: pulumi.Input<string>; service: pulumi.Input<string>; port: pulumi.Input<number> };
  url?: pulumi.Input<string>;
  org: pulumi.Input<string>;
  adminToken: pulumi.Input<string>;
}

/** What of the way to a store must not be readable in a state: a kubeconfig may hold keys. */
export function secretAccess({ adminToken, kubeconfig }: Pick<StoreAccessArgs, "adminToken" | "kubeconfig">) {
  return {
    adminToken: pulumi.secret(adminToken),
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
  };
}
