import type * as k8s from "@pulumi/kubernetes";
import { managedBy, roleLabels } from "../kube/labels";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** InfluxDB's HTTP port. */
export const storePort = 8086;
/** Port of k6's REST API, by which runners start each other (k6 `--address`). */
export const runnerApiPort = 6565;

const runners = { podSelector: { matchLabels: roleLabels("runner") } };
const store = { podSelector: { matchLabels: roleLabels("store") } };
const clusterDns = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** The holes that every run needs in the closed door of its namespace, by policy name. */
export const platformPolicies: Readonly<Record<string, PolicySpec>> = {
  "allow-dns": {
    podSelector: { matchLabels: managedBy },
    policyTypes: ["Egress"],
    egress: [
      {
        to: [clusterDns],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
  },
  "allow-runners-to-store": {
    ...runners,
    policyTypes: ["Egress"],
    egress: [{ to: [store], ports: [{ protocol: "TCP", port: storePort }] }],
  },
  "allow-store-from-runners": {
    ...store,
    policyTypes: ["Ingress"],
    ingress: [{ from: [runners], ports: [{ protocol: "TCP", port: storePort }] }],
  },
  "allow-runner-peers": {
    ...runners,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [runners], ports: [{ protocol: "TCP", port: runnerApiPort }] }],
    egress: [{ to: [runners], ports: [{ protocol: "TCP", port: runnerApiPort }] }],
  },
};
