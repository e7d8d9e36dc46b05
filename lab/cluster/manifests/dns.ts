import type { KubernetesObject, V1ClusterRole, V1ClusterRoleBinding, V1Deployment, V1Service } from "@kubernetes/client-node";
import { addresses, clusterDomain } from "../addresses";

const namespace = "kube-system";
const labels = { "k8s-app": "kube-dns" };

/**
 * CoreDNS's settings. Two server blocks, because `template` in the first would answer for `kubernetes` too. Names outside the cluster do
 * not exist here: nothing leaves the machine. The cluster's own names are not cached, as kubeadm has it, so that a new Service is found at once.
 */
export const corefile = `${clusterDomain}:53 in-addr.arpa:53 ip6.arpa:53 {
    errors
    health
    ready
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
        ttl 5
    }
    prometheus :9153
    cache 30 {
        disable success ${clusterDomain}
        disable denial ${clusterDomain}
    }
    reload
}
.:53 {
    errors
    template ANY ANY . {
        rcode NXDOMAIN
    }
}
`;

/** The cluster's name server, with the names and rights that every cluster knows it by. */
export function dnsManifests(image: string): KubernetesObject[] {
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "coredns", namespace } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "coredns", namespace },
      data: { Corefile: corefile },
    } as KubernetesObject,
    role,
    binding,
    service,
    deployment(image),
  ];
}

const role: V1ClusterRole = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "system:coredns" },
  rules: [
    { apiGroups: [""], resources: ["endpoints", "services", "pods", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ],
};

const binding: V1ClusterRoleBinding = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "system:coredns" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
  subjects: [{ kind: "ServiceAccount", name: "coredns", namespace }],
};

const service: V1Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kube-dns", namespace, labels },
  spec: {
    clusterIP: addresses.dns,
    selector: labels,
    ports: [
      { name: "dns", port: 53, protocol: "UDP", targetPort: "dns" },
      { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: "dns-tcp" },
    ],
  },
};

function deployment(image: string): V1Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "coredns",
          priorityClassName: "system-cluster-critical",
          dnsPolicy: "Default",
          containers: [
            {
              name: "coredns",
              image,
              imagePullPolicy: "IfNotPresent",
              args: ["-conf", "/etc/coredns/Corefile"],
              ports: [
                { name: "dns", containerPort: 53, protocol: "UDP" },
                { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
              ],
              readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
              livenessProbe: { httpGet: { path: "/health", port: 8080 }, failureThreshold: 5 },
              volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
              resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
              },
            },
          ],
          volumes: [{ name: "config", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}
