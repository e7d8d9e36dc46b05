import type { KubernetesObject, V1Container, V1Pod } from "@kubernetes/client-node";

/** Namespace of the lab's own tests. */
export const namespace = "lab-test";
const metadata = (name: string, app?: string) => ({ name, namespace, ...(app === undefined ? {} : { labels: { app } }) });
const unprivileged = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

function pod(app: string, container: Omit<V1Container, "name">, user: number): V1Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(app, app),
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: user, fsGroup: user, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ name: "main", securityContext: unprivileged, ...container }],
      volumes: [{ name: "data", ...(app === "client" ? { persistentVolumeClaim: { claimName: "data" } } : { emptyDir: {} }) }],
    },
  };
}

function idle(app: string): V1Pod {
  const volumeMounts = [{ name: "data", mountPath: "/data" }];
  return pod(app, { image: "lab.local/k6:1.1.0", command: ["sh", "-c", "sleep 3600"], volumeMounts }, 12345);
}

/** A server with its Service, a client with a claim for a volume, and a stranger. All run as the `restricted` standard demands. */
export const workload: KubernetesObject[] = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata("data"),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  } as KubernetesObject,
  pod(
    "server",
    { image: "lab.local/target:1", readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 } },
    65534,
  ),
  idle("client"),
  idle("stranger"),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("server"),
    spec: { selector: { app: "server" }, ports: [{ port: 80, targetPort: 8080 }] },
  } as KubernetesObject,
];

/** Nothing goes anywhere but names to DNS, and the client to the server. */
export const policies: KubernetesObject[] = [
  policy("deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
  policy("names", {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [{ namespaceSelector: {}, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
        ports: [{ protocol: "UDP", port: 53 }],
      },
    ],
  }),
  policy("client-out", { podSelector: of("client"), policyTypes: ["Egress"], egress: [{ to: [{ podSelector: of("server") }] }] }),
  policy("server-in", {
    podSelector: of("server"),
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: of("client") }] }],
  }),
];

function of(app: string): { matchLabels: { app: string } } {
  return { matchLabels: { app } };
}

function policy(name: string, spec: object): KubernetesObject {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: metadata(name), spec } as KubernetesObject;
}
