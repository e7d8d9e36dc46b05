import { mean, sum } from "./counts";
import { bucketQuantile, quantile, quantileImports } from "./percentiles";
import { allShown, both, program, shifted } from "./source";
import { tableBy } from "./tables";

const requests = { metric: "http_reqs", narrowed: "no", chosen: allShown } as const;

/** When the first or last request of each run ended, milliseconds since 1970; of those that were added up the middle of their seconds. */
const edge = (which: "first" | "last", desc: boolean) => `${both(requests, "value_sum", {
  raw: `|> ${which}()`,
  added: `|> ${which}() |> ${shifted}`,
})}
  |> group(columns: ["testid"]) |> sort(columns: ["_time"], desc: ${desc}) |> limit(n: 1)
  |> map(fn: (r) => ({testid: r.testid, _value: float(v: int(v: r._time)) / 1000000.0})) |> group(columns: ["testid"])`;

/** Milliseconds that a link shows before and after a run, at the least. */
const paddingMs = 10_000;

/** A row for each run of which there is a request. */
const table = tableBy("testid", {
  requests: sum(requests, ["testid"]),
  failed: mean({ ...requests, metric: "http_req_failed" }, ["testid"]),
  p95: quantile({ ...requests, metric: "http_req_duration" }, 0.95, ["testid"]),
  began: edge("first", false),
  ended: edge("last", true),
});

/** All runs, the newest first; `from` and `to` are for links. */
export const runs = program(
  quantileImports,
  bucketQuantile,
  `${table}
  |> map(fn: (r) => ({r with
    seconds: (r.ended - r.began) / 1000.0,
    from: string(v: int(v: r.began / 10000.0) * 10000 - ${paddingMs}),
    to: string(v: int(v: r.ended / 10000.0) * 10000 + ${2 * paddingMs}),
  }))
  |> sort(columns: ["began"], desc: true)`,
);

/** One figure of each run at the time of its start, a series for each test. A run's name is its test's with eight digits. */
export function trend(figure: "requests" | "failed" | "p95"): string {
  const scaled = figure === "failed" ? "r.failed * 100.0" : `r.${figure}`;
  return program(
    [...quantileImports, "regexp"],
    bucketQuantile,
    `${table}
  |> map(fn: (r) => ({
    _time: time(v: int(v: r.began) * 1000000),
    _value: ${scaled},
    test: regexp.replaceAllString(r: /-[0-9a-f]{8}$/, v: r.testid, t: ""),
  }))
  |> group(columns: ["test"]) |> sort(columns: ["_time"])`,
  );
}
