import { firewallMeasurement, ownPrefix } from "../../../metrics/gateway/names";
import { named, program, windows } from "./source";

/** What a gateway tells of its way to the store, a series for each replica. Counters begin anew with it. */
type Counter = "metrics_added" | "metrics_written" | "metrics_dropped" | "metrics_rejected";

const told = (field: Counter | "buffer_size" | "write_time_ns") => `from(bucket: v.defaultBucket)
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "${ownPrefix}internal_write" and r.output == "influxdb_v2" and r._field == "${field}")
  |> group(columns: ["relay"]) |> sort(columns: ["_time"]) |> toFloat()`;

/** A counter per second, over all replicas. */
export function gatewayRate(counter: Counter, series: string): string {
  return `${told(counter)}
  |> derivative(unit: 1s, nonNegative: true) |> ${windows("mean", false)} |> group(columns: ["_time"]) |> sum() |> ${named(series)}`;
}

/** Points that wait in each replica. */
export const gatewayBuffer = `${told("buffer_size")}
  |> ${windows("max", false)} |> keep(columns: ["_time", "_value", "relay"])`;

/** How much was lost between gateway and store: what did not fit into the buffer, and what the store refused. */
export const gatewayLosses = program(
  ["array"],
  `union(tables: [
${told("metrics_dropped")} |> increase() |> last() |> keep(columns: ["_value"]),
${told("metrics_rejected")} |> increase() |> last() |> keep(columns: ["_value"]),
array.from(rows: [{_value: 0.0}]),
])
  |> sum()`,
);

/** Tags of which a gateway held something back, with an example. */
export const heldBack = (ofRun: boolean) => `from(bucket: v.defaultBucket)
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "${firewallMeasurement}"${ofRun ? ' and r.testid == "${testid}"' : ""})
  |> group(columns: ["testid", "tag", "reason"])
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
  |> group() |> keep(columns: ["testid", "tag", "reason", "metric", "offender"])`;

/** How many series the store holds of the time that is shown. */
export const seriesInStore = program(
  ["influxdata/influxdb"],
  `influxdb.cardinality(bucket: v.defaultBucket, start: v.timeRangeStart, stop: v.timeRangeStop)
  |> keep(columns: ["_value"])`,
);

/** How many points each run takes in the store. */
export const pointsByRun = `from(bucket: v.defaultBucket)
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r.testid != "" and r._field =~ /^value/)
  |> count() |> group(columns: ["testid"]) |> sum()
  |> group() |> rename(columns: {_value: "points"}) |> keep(columns: ["testid", "points"])
  |> sort(columns: ["points"], desc: true)`;
