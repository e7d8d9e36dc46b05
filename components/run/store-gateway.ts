import { flux } from "@influxdata/influxdb-client";
import { firewallMeasurement, ownPrefix } from "../metrics/gateway/names";
import type { GatewayCounters } from "./accounting";
import { gatewayCounters, offenceSentences, type CounterRow, type Offence } from "./gateway-evidence";
import type { Store } from "./store";
import type { Scope } from "./store-query";

// It tells its counters every five seconds: the last ones before a run are what to count from.
const marginMs = 15_000;

/** What the gateway counted in the time of a run; `undefined` where none tells anything. */
export async function readGateway(store: Store, { bucket, start, stop }: Scope): Promise<GatewayCounters | undefined> {
  const measurement = `${ownPrefix}internal_write`;
  const from = new Date(start.getTime() - marginMs);
  const rows = await store.records<CounterRow>(flux`from(bucket: ${bucket}) |> range(start: ${from}, stop: ${stop})
  |> filter(fn: (r) => r._measurement == ${measurement} and r.output == "influxdb_v2")
  |> filter(fn: (r) => r._field == "metrics_dropped" or r._field == "metrics_rejected" or r._field == "metrics_added" or r._field == "buffer_size")
  |> keep(columns: ["_time", "_value", "_field", "relay"])`);
  return gatewayCounters(rows);
}

/** A sentence for each tag of a run of which the gateway held something back. */
export async function readOffences(store: Store, { bucket, start, stop, testid }: Scope): Promise<string[]> {
  const rows = await store.records<Offence>(flux`from(bucket: ${bucket}) |> range(start: ${start}, stop: ${stop})
  |> filter(fn: (r) => r._measurement == ${firewallMeasurement} and r.testid == ${testid})
  |> group(columns: ["tag", "reason"])
  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")`);
  return offenceSentences(rows);
}
