import { join } from "node:path";
import { stringify } from "yaml";
import { apiUrl } from "./addresses";

/** The clients of the API server: each has a certificate and a kubeconfig of its own. */
export const users = ["admin", "controller-manager", "scheduler", "proxy", "kubelet", "netpol", "volumes"] as const;
/** One of the clients of the API server. */
export type User = (typeof users)[number];

/** A kubeconfig for a user, with its certificate by path. */
export function renderKubeconfig(user: User, pki: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server: apiUrl, "certificate-authority": join(pki, "ca.crt") } }],
    users: [{ name: user, user: { "client-certificate": join(pki, `${user}.crt`), "client-key": join(pki, `${user}.key`) } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user } }],
    "current-context": "lab",
  });
}
