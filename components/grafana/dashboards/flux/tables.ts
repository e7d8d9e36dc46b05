import { count, largest, mean, sum } from "./counts";
import { bucketQuantile, quantile, quantileImports } from "./percentiles";
import { groupedBy, program, read, shown, type Chosen } from "./source";

/** Makes one table of streams that each have a row per value of a tag: a column for each stream. */
export function tableBy(tag: string, columns: Record<string, string>): string {
  const streams = Object.entries(columns).map(([column, stream]) => `${stream}\n  |> as(column: "${column}"),`);
  return `as = (tables=<-, column) => tables |> map(fn: (r) => ({${tag}: r.${tag}, column: column, _value: r._value}))

union(tables: [
${streams.join("\n")}
])
  |> group() |> pivot(rowKey: ["${tag}"], columnKey: ["column"], valueColumn: "_value")`;
}

/** Requests, share of failed ones and percentiles of each request name. */
export function endpointColumns(chosen: Chosen, suffix = ""): Record<string, string> {
  const of = (metric: string) => ({ metric, narrowed: "name", chosen }) as const;
  return {
    [`requests${suffix}`]: sum(of("http_reqs"), ["name"]),
    [`failed${suffix}`]: mean(of("http_req_failed"), ["name"]),
    [`p50${suffix}`]: quantile(of("http_req_duration"), 0.5, ["name"]),
    [`p95${suffix}`]: quantile(of("http_req_duration"), 0.95, ["name"]),
    [`p99${suffix}`]: quantile(of("http_req_duration"), 0.99, ["name"]),
  };
}

export const endpoints = program(
  quantileImports,
  bucketQuantile,
  `${tableBy("name", endpointColumns(shown))}\n  |> sort(columns: ["requests"], desc: true)`,
);

const checksRead = { metric: "checks", narrowed: "scenario" } as const;

/** How often each check was passed and not. */
export const checks = `${tableBy("check", { total: count(checksRead, ["check"]), passed: sum(checksRead, ["check"]) })}
  |> map(fn: (r) => ({check: r.check, share: r.passed / r.total, passed: r.passed, failed: r.total - r.passed}))
  |> sort(columns: ["share"])`;

/** Of requests with an error. */
export const withError = "exists r.error_code";

/** How many requests went wrong in which way. */
export const errors = `${sum({ metric: "http_reqs", narrowed: "name", where: withError }, ["error_code", "status", "method", "name"])}
  |> group() |> rename(columns: {_value: "count"})
  |> keep(columns: ["error_code", "status", "method", "name", "count"])
  |> sort(columns: ["count"], desc: true)`;

/** When each runner's first and last request ended, milliseconds after the first of all: a late start or an early end shows. */
const offsets = (which: "first" | "last", desc: boolean) => `${read({ metric: "http_reqs", narrowed: "no", fields: ["value"] })}
  |> ${which}() |> ${groupedBy(["instance_id"])} |> sort(columns: ["_time"], desc: ${desc}) |> limit(n: 1)
  |> map(fn: (r) => ({instance_id: r.instance_id, _value: float(v: int(v: r._time) - began) / 1000000.0})) |> group(columns: ["instance_id"])`;

const began = `started = ${read({ metric: "http_reqs", narrowed: "no", fields: ["value"] })}
  |> first() |> group() |> sort(columns: ["_time"]) |> limit(n: 1) |> findColumn(fn: (key) => true, column: "_time")
began = if length(arr: started) > 0 then int(v: started[0]) else 0`;

/** Samples of one metric, a table for each runner. */
const ofRunners = (metric: string) =>
  `${read({ metric, narrowed: "no", fields: ["value"] })}\n  |> ${groupedBy(["instance_id"])}`;

/** What each runner did. Empty where samples were added up over runners. */
export const runners = program(
  [],
  began,
  `${tableBy("instance_id", {
    requests: `${ofRunners("http_reqs")} |> sum()`,
    failed: `${ofRunners("http_req_failed")} |> mean()`,
    p95: `${ofRunners("http_req_duration")} |> quantile(q: 0.95, method: "exact_mean")`,
    vus: `${ofRunners("vus")} |> max()`,
    dropped: `${ofRunners("dropped_iterations")} |> sum()`,
    start: offsets("first", false),
    end: offsets("last", true),
  })}
  |> sort(columns: ["instance_id"])`,
);

/** The most time that a runner's first request came after that of the first one, milliseconds. */
export const startSkew = `union(tables: [
${["false", "true"]
  .map(
    (desc) => `${read({ metric: "http_reqs", narrowed: "no", fields: ["value"] })}
  |> first() |> group(columns: ["instance_id"]) |> sort(columns: ["_time"]) |> limit(n: 1)
  |> group() |> sort(columns: ["_time"], desc: ${desc}) |> limit(n: 1)
  |> map(fn: (r) => ({_value: (if ${desc} then 1.0 else -1.0) * float(v: int(v: r._time)) / 1000000.0}))`,
  )
  .join(",\n")},
])
  |> sum()`;

/** The largest response time. */
export const slowest = largest({ metric: "http_req_duration", narrowed: "name" }) + `\n  |> keep(columns: ["_value"])`;
