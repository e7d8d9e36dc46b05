import type * as k8s from "@pulumi/kubernetes";
import { roleLabels } from "../kube/labels";
import { gatewayMetricsPort } from "../metrics/gateway/names";
import { storePort } from "../network/platform-rules";
import type { PrometheusPods } from "./settings";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** The label that prometheus-operator gives the pods of every Prometheus. */
const byOperator = { "app.kubernetes.io/name": "prometheus" };

/**
 * Lets Prometheus in to where it asks, by policy name. The operator's port is open to all of the cluster already.
 *
 * @param of what there is in the namespace
 */
export function scrapePolicies(
  { namespace, podLabels = byOperator }: PrometheusPods,
  of: { gateway: boolean; store: boolean },
): Record<string, PolicySpec> {
  const prometheus = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: podLabels },
  };
  const open = (role: "gateway" | "store", port: number): PolicySpec => ({
    podSelector: { matchLabels: roleLabels(role) },
    policyTypes: ["Ingress"],
    ingress: [{ from: [prometheus], ports: [{ protocol: "TCP", port }] }],
  });
  return {
    ...(of.gateway ? { "allow-gateway-from-prometheus": open("gateway", gatewayMetricsPort) } : {}),
    // InfluxDB has no other port for its numbers; its API on the same one asks for a token.
    ...(of.store ? { "allow-store-from-prometheus": open("store", storePort) } : {}),
  };
}
