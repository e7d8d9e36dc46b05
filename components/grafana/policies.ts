import type * as k8s from "@pulumi/kubernetes";
import { roleLabels } from "../kube/labels";
import { storePort } from "../network/platform-rules";
import { egressRules } from "../network/targets";
import { grafanaPort } from "./pod";
import type { GrafanaSettings } from "./settings";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

const onStorePort = [{ protocol: "TCP", port: storePort }];
const store = { podSelector: { matchLabels: roleLabels("store") } };

/** Pods of a namespace, by the label that Kubernetes itself sets, so that it cannot be forged. */
const podsOf = (namespace: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } });

/** Lets a Grafana of another namespace to the store. */
export function boundGrafanaPolicy(namespace: string): PolicySpec {
  return { ...store, policyTypes: ["Ingress"], ingress: [{ from: [podsOf(namespace)], ports: onStorePort }] };
}

/** The holes that Grafana needs in the closed door of its namespace, by policy name: to the store, and from whom it shall be seen. */
export function grafanaPolicies({
  storeAddresses,
  ingress,
}: Pick<GrafanaSettings, "storeAddresses" | "ingress">): Record<string, PolicySpec> {
  const grafana = { podSelector: { matchLabels: roleLabels("grafana") } };
  return {
    "allow-grafana-to-store": {
      ...grafana,
      policyTypes: ["Egress"],
      egress: storeAddresses === undefined ? [{ to: [store], ports: onStorePort }] : egressRules([storeAddresses]),
    },
    ...(storeAddresses === undefined
      ? { "allow-store-from-grafana": { ...store, policyTypes: ["Ingress"], ingress: [{ from: [grafana], ports: onStorePort }] } }
      : {}),
    ...(ingress === undefined
      ? {}
      : {
          "allow-grafana-from-ingress": {
            ...grafana,
            policyTypes: ["Ingress"],
            ingress: [
              {
                from: [podsOf(ingress.controllerNamespace)],
                ports: [{ protocol: "TCP", port: grafanaPort }],
              },
            ],
          },
        }),
  };
}
