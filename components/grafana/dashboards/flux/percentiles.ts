import { bucketTag } from "../../../metrics/gateway/buckets";
import { groupedBy, named, program, read, shifted, windows, type Chosen, type Narrowed } from "./source";

/** A trend of which percentiles are asked. */
export interface Trend {
  metric: string;
  narrowed: Narrowed;
  chosen?: Chosen;
}

/** What `bucketQuantile` needs. */
export const quantileImports = ["math"];

/**
 * A Flux function: a percentile of samples of which only buckets are known, each taken for the middle of its bucket, by linear interpolation
 * between the two nearest, as k6 does and as `bucketPercentile` of the judge. Takes a row per bucket and group; a row with the total goes
 * through the fold before them, so that one pass is enough. Flux's own `histogramQuantile` interpolates over gaps between buckets.
 * The tag stands in brackets: after a dot Grafana would take `bucket` for a macro of its own.
 */
export const bucketQuantile = `bucketQuantile = (tables=<-, q, keys) => {
  buckets = tables |> map(fn: (r) => ({r with middle: float(v: r["${bucketTag}"])})) |> group(columns: keys)
  totals = buckets |> sum() |> map(fn: (r) => ({r with middle: float(v: "-Inf")}))

  return union(tables: [totals, buckets])
    |> group(columns: keys)
    |> sort(columns: ["middle"])
    |> reduce(
      identity: {rank: -1.0, seen: 0.0, below: 0.0, above: 0.0},
      fn: (r, accumulator) => {
        isTotal = accumulator.rank < 0.0
        rank = if isTotal then q * (r._value - 1.0) else accumulator.rank
        seen = if isTotal then 0.0 else accumulator.seen + r._value
        low = math.floor(x: rank)
        high = math.ceil(x: rank)

        return {
          rank: rank,
          seen: seen,
          below: if not isTotal and accumulator.seen <= low and low < seen then r.middle else accumulator.below,
          above: if not isTotal and accumulator.seen <= high and high < seen then r.middle else accumulator.above,
        }
      },
    )
    |> map(fn: (r) => ({r with _value: r.below + (r.above - r.below) * (r.rank - math.floor(x: r.rank))}))
    |> drop(columns: ["rank", "seen", "below", "above"])
}`;

/** Each sample of a trend. */
const samplesOf = (trend: Trend) => read({ ...trend, fields: ["value"] });
/** Its buckets, where it was added up. */
const bucketsOf = (trend: Trend) => read({ ...trend, metric: `${trend.metric}_hist`, fields: ["value_count"] });

/** A percentile of all that is shown, a row for each value of `by`; needs `bucketQuantile`. */
export function quantile(trend: Trend, q: number, by: readonly string[] = []): string {
  return `union(tables: [
${samplesOf(trend)}
  |> ${groupedBy(by)} |> quantile(q: ${q}, method: "exact_mean"),
${bucketsOf(trend)}
  |> ${groupedBy([...by, bucketTag])} |> sum() |> bucketQuantile(q: ${q}, keys: ${list(by)}),
])`;
}

/** One percentile as a number. */
export function quantileStat(trend: Trend, q: number): string {
  return program(quantileImports, bucketQuantile, `${quantile(trend, q)}\n  |> keep(columns: ["_value"])`);
}

const exactly = (q: string) => `(column, tables=<-) => tables |> quantile(q: ${q}, method: "exact_mean", column: column)`;

/** Buckets by windows; what comes `before` they are made may move them. */
const bucketsOverTime = (trend: Trend, before: string) => `${bucketsOf(trend)}
  |> ${groupedBy([bucketTag])} |> ${shifted}${before} |> ${windows("sum", false)}
  |> keep(columns: ["_time", "_value", "${bucketTag}"])`;

/**
 * Statements with a function `pct(q, name)` that gives a percentile over time as a series. Columns are dropped before samples are put into
 * windows, which makes it three times faster and more. A window without samples has none: 0 ms would be a lie.
 *
 * @param before a Flux step for samples and buckets before they come into windows, with its `|>`
 * @param suffix of the names of what is declared
 */
export function percentilesBy(trend: Trend, before = "", suffix = ""): string {
  return `samples${suffix} = ${samplesOf(trend)}
  |> keep(columns: ["_start", "_stop", "_time", "_value"])${before}
buckets${suffix} = ${bucketsOverTime(trend, before)}
pct${suffix} = (q, name) => union(tables: [
  samples${suffix} |> ${windows(exactly("q"), true)} |> keep(columns: ["_time", "_value"]),
  buckets${suffix} |> bucketQuantile(q: q, keys: ["_time"]),
])
  |> map(fn: (r) => ({_time: r._time, _value: r._value, series: name})) |> group(columns: ["series"]) |> sort(columns: ["_time"])`;
}

/** p50, p95 and p99 over time. */
export function percentilesOverTime(trend: Trend): string {
  const series = { p50: 0.5, p95: 0.95, p99: 0.99 };
  const calls = Object.entries(series).map(([name, q]) => `pct(q: ${q}, name: "${name}")`);
  return program(quantileImports, bucketQuantile, percentilesBy(trend), `union(tables: [${calls.join(", ")}])`);
}

/** One percentile over time, a series for each value of a tag; what was added up over the values of the tag is called `all`. */
export function quantileOverTimeBy(trend: Trend, q: number, tag: string, all: string): string {
  return program(
    quantileImports,
    bucketQuantile,
    `union(tables: [
${samplesOf(trend)}
  |> keep(columns: ["_start", "_stop", "_time", "_value", "${tag}"]) |> ${windows(exactly(String(q)), true)}
  |> keep(columns: ["_time", "_value", "${tag}"]),
${bucketsOverTime(trend, "")}
  |> bucketQuantile(q: ${q}, keys: ["_time"]) |> ${named(all, tag)},
])`,
  );
}

function list(names: readonly string[]): string {
  return `[${names.map((name) => `"${name}"`).join(", ")}]`;
}
