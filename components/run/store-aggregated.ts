import { flux, fluxDuration, fluxExpression, type ParameterizedQuery } from "@influxdata/influxdb-client";
import { aggregationSeconds } from "../metrics/gateway/names";
import { bucketTag } from "../metrics/gateway/buckets";
import { bucketPercentile } from "./store-percentile";
import type { StoredRow, StoreReader } from "./store-reader";
import { ofRun, withTags, type Reduction, type Scope, type Selection } from "./store-query";

type Rows = (query: ParameterizedQuery) => Promise<StoredRow[]>;

/** What the gateway stores of a series and 5 seconds, and the number of samples in a bucket. */
type Field = "value_sum" | "value_count" | "value_min" | "value_max" | "value_last";

/** What is stored at a time was counted in the 5 s before it; its middle falls into the right window even when storing took a while. */
const shiftMs = (aggregationSeconds * 1000) / 2;

/**
 * Reads what a gateway in mode `aggregated` stores: sums, counts and extremes are exact, percentiles within `percentileErrorBound`.
 * Runners are not told apart; of a gauge that they have each, the mean is taken for all of them.
 */
export class AggregatedReader implements StoreReader {
  private readonly rows: Rows;

  constructor(rows: Rows) {
    this.rows = sharing(rows);
  }

  async value(scope: Scope, selection: Selection, reduction: Reduction): Promise<number | undefined> {
    const one = async (field: Field, step: string) =>
      (await this.rows(flux`${base(scope, selection, field)} |> ${fluxExpression(step)}`))[0]?.value;
    if (typeof reduction === "object") {
      return this.percentile(scope, selection, reduction.quantile);
    }
    switch (reduction) {
      case "sum":
        return one("value_sum", "sum()");
      case "min":
      case "max":
        return one(`value_${reduction}`, `${reduction}()`);
      case "mean": {
        const [sum, count] = await Promise.all([one("value_sum", "sum()"), one("value_count", "sum()")]);
        return sum === undefined || count === undefined ? undefined : sum / count;
      }
      case "last":
        return selection.addRunners === true
          ? (await this.windows(scope, selection, "last", aggregationSeconds)).at(-1)?.value
          : one("value_last", `sort(columns: ["_time"]) |> last()`);
    }
  }

  async windows(scope: Scope, selection: Selection, reduction: Reduction, seconds: number): Promise<StoredRow[]> {
    const stored = storedOf(scope);
    const read = (field: Field, fn: string) =>
      this.rows(windowedQuery(shifted(base(stored, selection, field)), fn, seconds, scope.start));
    if (typeof reduction === "object") {
      const query = windowedQuery(shifted(histogram(stored, selection)), "sum", seconds, scope.start);
      return percentiles(await this.rows(query), reduction.quantile);
    }
    switch (reduction) {
      case "sum":
        return read("value_sum", "sum");
      case "min":
      case "max":
        return read(`value_${reduction}`, reduction);
      case "last":
        if (selection.addRunners !== true) {
          return read("value_last", "last");
        }
        return (await this.means(read)).map((row) => ({ ...row, value: Math.round(row.value * (scope.runners ?? 1)) }));
      case "mean":
        return this.means(read);
    }
  }

  async byRunner(scope: Scope, metric: string, of: "sum" | "count"): Promise<Map<string, number>> {
    const [row] = await this.rows(flux`${base(scope, { metric }, `value_${of}`)} |> sum()`);
    return new Map(row === undefined ? [] : [["", row.value]]);
  }

  private async means(read: (field: Field, fn: string) => Promise<StoredRow[]>): Promise<StoredRow[]> {
    const [sums, counts] = await Promise.all([read("value_sum", "sum"), read("value_count", "sum")]);
    const countAt = new Map(counts.map(({ time, value }) => [time, value]));
    return sums.flatMap((row) => {
      const count = countAt.get(row.time);
      return count === undefined ? [] : [{ ...row, value: row.value / count }];
    });
  }

  private async percentile(scope: Scope, selection: Selection, quantile: number): Promise<number | undefined> {
    // The extremes are stored as they are.
    if (quantile === 0 || quantile === 1) {
      return this.value(scope, selection, quantile === 0 ? "min" : "max");
    }
    const rows = await this.rows(flux`${histogram(scope, selection)} |> sum()`);
    return bucketPercentile(rows.map(toBucket), quantile);
  }
}

/** All percentiles are made of the same buckets: who asks for what is being read gets that. */
function sharing(rows: Rows): Rows {
  const reading = new Map<string, Promise<StoredRow[]>>();
  return (query) => {
    const key = query.toString();
    const shared = reading.get(key) ?? rows(query).finally(() => reading.delete(key));
    reading.set(key, shared);
    return shared;
  };
}

function base(scope: Scope, { metric, tags }: Selection, field: Field): ParameterizedQuery {
  return flux`${withTags(ofRun(scope, metric, field), tags)} |> group()`;
}

function histogram(scope: Scope, { metric, tags }: Selection): ParameterizedQuery {
  return flux`${withTags(ofRun(scope, `${metric}_hist`, "value_count"), tags)} |> group(columns: [${bucketTag}])`;
}

/** When what was counted in a scope is stored; `shifted` brings it back. */
function storedOf(scope: Scope): Scope {
  const later = (time: Date) => new Date(time.getTime() + shiftMs);
  return { ...scope, start: later(scope.start), stop: later(scope.stop) };
}

function shifted(query: ParameterizedQuery): ParameterizedQuery {
  return flux`${query} |> timeShift(duration: ${fluxDuration(`-${shiftMs}ms`)})`;
}

/** Windows are counted from `start`. */
function windowedQuery(query: ParameterizedQuery, fn: string, seconds: number, start: Date): ParameterizedQuery {
  const lengthMs = Math.round(seconds * 1000);
  const every = fluxDuration(`${lengthMs}ms`);
  const offset = fluxDuration(`${start.getTime() % lengthMs}ms`);
  const sorted = fn === "last" ? flux`${query} |> sort(columns: ["_time"])` : query;
  return flux`${sorted} |> aggregateWindow(every: ${every}, offset: ${offset}, fn: ${fluxExpression(fn)}, createEmpty: false, timeSrc: "_start")`;
}

function percentiles(rows: readonly StoredRow[], quantile: number): StoredRow[] {
  const byTime = new Map<number, StoredRow[]>();
  rows.forEach((row) => byTime.set(row.time, [...(byTime.get(row.time) ?? []), row]));
  return [...byTime].flatMap(([time, buckets]) => {
    const value = bucketPercentile(buckets.map(toBucket), quantile);
    return value === undefined ? [] : [{ time, value, instance: "", bucket: "" }];
  });
}

function toBucket({ bucket, value }: StoredRow): { middle: number; count: number } {
  return { middle: Number(bucket), count: value };
}
