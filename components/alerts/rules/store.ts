import { dataClaim } from "../../metrics/influxdb-stateful-set";
import type { AlertLimits } from "../settings";
import { type AlertRule, selector } from "./rule";

/** From where on InfluxDB may stop at any moment. */
const fullShare = 0.95;

/**
 * What the kubelet tells of the store's volume, and InfluxDB of its shards: not every kind of volume has the kubelet's numbers.
 *
 * @param namespace of the store
 * @param bytes that its volume was asked to hold
 */
export function storeRules(namespace: string, bytes: number, { storeShare }: Required<AlertLimits>): AlertRule[] {
  const remedy =
    "Samples go after `store.retentionHours`: lower it, use the gateway's mode `aggregated`, delete buckets that nobody needs, or give the claim " +
    `{{ $labels.namespace }}/${dataClaim} more room if its class can grow.`;
  return [
    {
      alert: "K6StoreFilling",
      expr: usedAbove(namespace, bytes, storeShare),
      forSeconds: 600,
      severity: "warning",
      summary: "The store in {{ $labels.namespace }} is {{ $value | humanizePercentage }} full",
      description: remedy,
    },
    {
      alert: "K6StoreFull",
      expr: usedAbove(namespace, bytes, fullShare),
      forSeconds: 60,
      severity: "critical",
      summary: "The store in {{ $labels.namespace }} is {{ $value | humanizePercentage }} full and will take no more",
      description: `Runs are \`invalid\` from then on. ${remedy}`,
    },
  ];
}

function usedAbove(namespace: string, bytes: number, share: number): string {
  const volume = selector({ namespace, persistentvolumeclaim: dataClaim });
  const [free, all] = ["available", "capacity"].map((what) => `kubelet_volume_stats_${what}_bytes{${volume}}`);
  return (
    `(max by (namespace) (1 - ${free} / ${all}) or ` +
    `sum by (namespace) (storage_shard_disk_size{${selector({ namespace })}}) / ${bytes}) > ${share}`
  );
}
