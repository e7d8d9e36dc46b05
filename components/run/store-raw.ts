import { flux, type ParameterizedQuery } from "@influxdata/influxdb-client";
import { perRunner, pooled, reduced, samples, windowed, type Reduction, type Scope, type Selection } from "./store-query";
import type { StoredRow, StoreReader } from "./store-reader";

/** Reads samples as k6 writes them, each by itself. */
export class RawReader implements StoreReader {
  constructor(private readonly rows: (query: ParameterizedQuery) => Promise<StoredRow[]>) {}

  async value(scope: Scope, selection: Selection, reduction: Reduction): Promise<number | undefined> {
    const rows = await this.rows(reduced(selected(scope, selection), reduction));
    return rows.length === 0 ? undefined : rows.reduce((sum, { value }) => sum + value, 0);
  }

  windows(scope: Scope, selection: Selection, reduction: Reduction, seconds: number): Promise<StoredRow[]> {
    return this.rows(windowed(selected(scope, selection), reduction, seconds, scope.start));
  }

  async byRunner(scope: Scope, metric: string, of: "sum" | "count"): Promise<Map<string, number>> {
    const grouped = flux`${samples(scope, metric)} |> group(columns: ["instance_id"])`;
    const rows = await this.rows(of === "sum" ? flux`${grouped} |> sum()` : flux`${grouped} |> count()`);
    return new Map(rows.map(({ instance, value }) => [instance, value]));
  }
}

function selected(scope: Scope, { metric, tags, addRunners }: Selection): ParameterizedQuery {
  return addRunners === true ? perRunner(scope, metric) : pooled(scope, metric, tags);
}
