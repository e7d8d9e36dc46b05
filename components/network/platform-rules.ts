import type * as k8s from "@pulumi/kubernetes";
import { managedBy, roleLabels } from "../kube/labels";
import { gatewayPort } from "../metrics/gateway/names";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** InfluxDB's HTTP port. */
export const storePort = 8086;
/** Port of k6's REST API, by which runners start each other (k6 `--address`). */
export const runnerApiPort = 6565;

const runners = { podSelector: { matchLabels: roleLabels("runner") } };
const gateway = { podSelector: { matchLabels: roleLabels("gateway") } };
const store = { podSelector: { matchLabels: roleLabels("store") } };
const clusterDns = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** The holes that a run needs in the closed door of its namespace, by policy name. With a gateway, runners do not reach the store. */
export function platformPolicies({ hasGateway }: { hasGateway: boolean }): Record<string, PolicySpec> {
  return { ...always, ...(hasGateway ? throughGateway : straight) };
}

/** What every run needs, whatever it writes to. */
const always: Readonly<Record<string, PolicySpec>> = {
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
  "allow-runner-peers": {
    ...runners,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [runners], ports: [{ protocol: "TCP", port: runnerApiPort }] }],
    egress: [{ to: [runners], ports: [{ protocol: "TCP", port: runnerApiPort }] }],
  },
};

const toStore = [{ to: [store], ports: [{ protocol: "TCP", port: storePort }] }];
const onStorePort = [{ protocol: "TCP", port: storePort }];
const onGatewayPort = [{ protocol: "TCP", port: gatewayPort }];

const straight: Readonly<Record<string, PolicySpec>> = {
  "allow-runners-to-store": { ...runners, policyTypes: ["Egress"], egress: toStore },
  "allow-store-from-runners": { ...store, policyTypes: ["Ingress"], ingress: [{ from: [runners], ports: onStorePort }] },
};

const throughGateway: Readonly<Record<string, PolicySpec>> = {
  "allow-runners-to-gateway": { ...runners, policyTypes: ["Egress"], egress: [{ to: [gateway], ports: onGatewayPort }] },
  "allow-gateway": {
    ...gateway,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [runners], ports: onGatewayPort }],
    egress: toStore,
  },
  "allow-store-from-gateway": { ...store, policyTypes: ["Ingress"], ingress: [{ from: [gateway], ports: onStorePort }] },
};
