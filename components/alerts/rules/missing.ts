import { ownPrefix } from "../../metrics/gateway/names";
import { type AlertRule, selector } from "./rule";

/** What alerts stand on. */
export type AlertSource = "gateway" | "store" | "operator" | "kube-state-metrics";

/** A metric of each source that is always there, and who has to see to it that Prometheus gets it. */
const known: Record<AlertSource, { metric: string; labels?: Record<string, string>; remedy: string }> = {
  gateway: { metric: `${ownPrefix}internal_write_buffer_limit`, remedy: "" },
  store: { metric: "influxdb_uptime_seconds", remedy: "" },
  operator: {
    metric: "controller_runtime_active_workers",
    labels: { controller: "testrun" },
    remedy: " Of an operator that is adopted, whoever installed it has to see to that: `metrics.serviceMonitor` of its chart.",
  },
  "kube-state-metrics": {
    metric: "kube_namespace_status_phase",
    labels: { phase: "Active" },
    remedy: " It is a part of kube-prometheus-stack, or is installed by itself.",
  },
};

/** One for each source: without its numbers none of its alerts can come, and nobody would know. */
export function missingRules(sources: readonly { source: AlertSource; namespace: string }[]): AlertRule[] {
  return sources.map(({ source, namespace }) => {
    const { metric, labels, remedy } = known[source];
    return {
      alert: "K6MetricsMissing",
      expr: `absent(${metric}{${selector({ namespace, ...labels })}})`,
      forSeconds: 900,
      severity: "warning",
      labels: { source, namespace },
      summary: `Prometheus gets nothing from ${source} for ${namespace}`,
      description:
        `Alerts that stand on it cannot come. See under Status, Targets of Prometheus whether it is asked (\`objectLabels\` must fit ` +
        `Prometheus's selectors) and answers (\`prometheus.namespace\` and \`podLabels\` must be those of its pods).${remedy}`,
    };
  });
}
