/** All alerts. Each has a section of its name in docs/alerts.md. */
export const alertNames = [
  "K6OperatorErrors",
  "K6OperatorBusy",
  "K6RunPending",
  "K6RunOverdue",
  "K6RunnerLost",
  "K6RunnerNodeLost",
  "K6GatewayLosing",
  "K6GatewayBufferFilling",
  "K6GatewayRestarted",
  "K6StoreFilling",
  "K6StoreFull",
  "K6MetricsMissing",
] as const;

/** Name of an alert. */
export type AlertName = (typeof alertNames)[number];

/** An alert as plain values. */
export interface AlertRule {
  alert: AlertName;
  /** In PromQL. */
  expr: string;
  /** How long it must be so. */
  forSeconds: number;
  /** `critical` where a run is lost or about to be. */
  severity: "warning" | "critical";
  /** What there is more to tell apart by. */
  labels?: Record<string, string>;
  summary: string;
  /** What it means and what to do. */
  description: string;
}

/** Names and values of labels as PromQL writes them in a selector. */
export function selector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",");
}

/** An expression over some lines as one. */
export function oneLine(expression: string): string {
  return expression.trim().replaceAll(/\s+/g, " ");
}
