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
 */
export const bucketQuantile = `bucketQuantile = (tables=<-, q, keys) => {
  buckets = tables |> map(fn: (r) => ({r with middle: float(v: r.${bucketTag})})) |> group(columns: keys)
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
        has = (index) => not isTotal and accumulator.seen <= index and index < seen

        return {
          rank: rank,
          seen: seen,
          below: if has(index: math.floor(x: rank)) then r.middle else accumulator.below,
          above: if has(index: math.ceil(x: rank)) then r.middle else accumulator.above,
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

/**
 * Statements with a function \`pct(q, name)\` that gives a percentile over time as a series. Columns are dropped before samples are put into
 * windows, which makes it three times faster and more. A window without samples has none: 0 ms would be a lie.
 */
export function windowedQuantiles(trend: Trend, before = ""): string {
  const kept = `keep(columns: ["_start", "_stop", "_time", "_value"])`;
  const ofSamples = windows(`(column, tables=<-) => tables |> quantile(q: q, method: "exact_mean", column: column)`, true);
  return `samples = ${samplesOf(trend)}
  |> ${kept}${before}
buckets = ${bucketsOf(trend)}
  |> ${groupedBy([bucketTag])} |> ${shifted}${before} |> ${windows("sum", false)}
  |> keep(columns: ["_time", "_value", "${bucketTag}"])
pct = (q, name) => union(tables: [
  samples |> ${ofSamples} |> keep(columns: ["_time", "_value"]),
  buckets |> bucketQuantile(q: q, keys: ["_time"]),
])
  |> map(fn: (r) => ({_time: r._time, _value: r._value, series: name})) |> group(columns: ["series"]) |> sort(columns: ["_time"])`;
}

/** p50, p95 and p99 over time. */
export function percentilesOverTime(trend: Trend): string {
  const series = { p50: 0.5, p95: 0.95, p99: 0.99 };
  const calls = Object.entries(series).map(([name, q]) => `pct(q: ${q}, name: "${name}")`);
  return program(quantileImports, bucketQuantile, windowedQuantiles(trend), `union(tables: [${calls.join(", ")}])`);
}

/** One percentile over time, a series for each value of a tag; what was added up without the tag is under \`added\`. */
export function quantileOverTimeBy(trend: Trend, q: number, tag: string, added: string): string {
  const fn = `(column, tables=<-) => tables |> quantile(q: ${q}, method: "exact_mean", column: column)`;
  return program(
    quantileImports,
    bucketQuantile,
    windowedQuantiles(trend),
    `union(tables: [
${samplesOf(trend)}
  |> keep(columns: ["_start", "_stop", "_time", "_value", "${tag}"]) |> ${windows(fn, true)}
  |> keep(columns: ["_time", "_value", "${tag}"]),
buckets |> bucketQuantile(q: ${q}, keys: ["_time"])
  |> ${named(added).replace("series:", `${tag}:`).replace('"series"', `"${tag}"`)} |> sort(columns: ["_time"]),
])`,
  );
}

function list(names: readonly string[]): string {
  return `[${names.map((name) => `"${name}"`).join(", ")}]`;
}
