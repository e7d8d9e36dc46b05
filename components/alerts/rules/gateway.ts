import { ownPrefix } from "../../metrics/gateway/names";
import type { AlertLimits } from "../settings";
import { type AlertRule, oneLine, selector } from "./rule";

/** How Telegraf calls what it counts: the name of the measurement and that of the field. */
const written = `${ownPrefix}internal_write_`;
/** What did not fit into the buffer, what the store refused, and what came too late to be added up. */
const losses = [`${written}metrics_dropped`, `${written}metrics_rejected`, `${ownPrefix}internal_aggregate_metrics_dropped`];

/**
 * What the gateway tells of itself, and kube-state-metrics of its pods.
 *
 * @param namespace of the gateway
 */
export function gatewayRules(namespace: string, { gatewayBufferShare }: Required<AlertLimits>): AlertRule[] {
  const of = selector({ namespace });
  return [
    {
      alert: "K6GatewayLosing",
      // One by one: a rate forgets the name, and two series that differ by it alone cannot stand together.
      expr: losses.map((name) => `sum by (namespace) (increase(${name}{${of}}[10m])) > 0`).join(" or "),
      forSeconds: 0,
      severity: "critical",
      summary: "The gateway in {{ $labels.namespace }} loses samples",
      description:
        "About {{ $value | humanize }} in ten minutes. Runs that go on are `invalid`. Its buffer is full, since the store was away for longer than " +
        "`gateway.storeOutageSeconds` or there is more load than `gateway.expectedLoad`, or the store refuses what it writes. Read its log: " +
        "`kubectl -n {{ $labels.namespace }} logs -l pulumi-k6/role=gateway --since=15m`, and see whether the store runs.",
    },
    {
      alert: "K6GatewayBufferFilling",
      expr: oneLine(`
        max by (namespace, pod) (${written}buffer_size{${of}} / ${written}buffer_limit{${of}}) > ${gatewayBufferShare}`),
      forSeconds: 0,
      severity: "warning",
      summary: "The gateway {{ $labels.pod }} in {{ $labels.namespace }} cannot get rid of its samples",
      description:
        "{{ $value | humanizePercentage }} of its buffer is full; what does not fit is lost. The store is away or slow: " +
        "`kubectl -n {{ $labels.namespace }} get pods -l pulumi-k6/role=store`. If it is only slow, raise `store.cpu`, or use mode `aggregated`.",
    },
    {
      alert: "K6GatewayRestarted",
      expr: oneLine(`
        sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{${of},container="telegraf"}[15m])) > 0`),
      forSeconds: 0,
      severity: "warning",
      summary: "The gateway {{ $labels.pod }} in {{ $labels.namespace }} was started again",
      description:
        "What it held in memory is lost; a run that wrote to it is `invalid`. See why: `kubectl -n {{ $labels.namespace }} describe pod " +
        "{{ $labels.pod }}`. OOMKilled: raise `gateway.expectedLoad`, by which its memory is sized.",
    },
  ];
}
