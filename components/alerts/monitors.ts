import type * as pulumi from "@pulumi/pulumi";
import { labelKeys, roleLabels } from "../kube/labels";

/** What a Prometheus is told to ask, as a PodMonitor's `spec`. */
export interface PodMonitorSpec {
  selector: { matchLabels: Record<string, string> };
  namespaceSelector: { matchNames: pulumi.Input<string>[] };
  podMetricsEndpoints: { port: string; path: string; interval: string }[];
}

/** Who of a platform has numbers, by the name of the port of its container. */
const asked = {
  gateway: { port: "metrics", labels: roleLabels("gateway") },
  store: { port: "http", labels: roleLabels("store") },
  operator: { port: "metrics", labels: { [labelKeys.name]: "k6-operator" } },
} as const;

/** Something that can be asked. */
export type Monitored = keyof typeof asked;

/** How often, and where, something is asked. */
export function monitorSpec(of: Monitored, namespace: pulumi.Input<string>, scrapeSeconds: number): PodMonitorSpec {
  const { port, labels } = asked[of];
  return {
    selector: { matchLabels: { ...labels } },
    namespaceSelector: { matchNames: [namespace] },
    podMetricsEndpoints: [{ port, path: "/metrics", interval: `${scrapeSeconds}s` }],
  };
}
