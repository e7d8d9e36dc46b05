import { addresses, nodeName } from "./addresses";
import type { User } from "./kubeconfig";

/** A certificate to be issued by the lab's own authority. */
export interface CertificateRequest {
  /** Name of its two files, without ending. */
  name: string;
  commonName: string;
  /** Group the API server puts its owner in. */
  organization?: string;
  dns?: readonly string[];
  ip?: readonly string[];
}

const clients: Record<User, Omit<CertificateRequest, "name">> = {
  admin: { commonName: "admin", organization: "system:masters" },
  "controller-manager": { commonName: "system:kube-controller-manager" },
  scheduler: { commonName: "system:kube-scheduler" },
  proxy: { commonName: "system:kube-proxy" },
  kubelet: {
    commonName: `system:node:${nodeName}`,
    organization: "system:nodes",
    dns: [nodeName],
    ip: [addresses.node, "127.0.0.1"],
  },
  // Both run as root beside the API server's own key; rights by RBAC would come too late for their first request, and they back off.
  netpol: { commonName: "lab:netpol", organization: "system:masters" },
  volumes: { commonName: "lab:volumes", organization: "system:masters" },
};

const clusterNames = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

/** Every certificate of the lab. */
export function certificateRequests(): CertificateRequest[] {
  return [
    {
      name: "apiserver",
      commonName: "kube-apiserver",
      dns: ["localhost", ...clusterNames],
      ip: ["127.0.0.1", addresses.node, addresses.apiService],
    },
    { name: "apiserver-kubelet", commonName: "apiserver-kubelet-client", organization: "system:masters" },
    { name: "front-proxy", commonName: "front-proxy-client" },
    ...Object.entries(clients).map(([name, request]) => ({ name, ...request })),
  ];
}
