import { count, largest, mean, shareOverTime, sum, sumOverTime } from "./counts";
import { bucketQuantile, percentilesBy, quantile, quantileImports } from "./percentiles";
import { both, named, perSecond, program, toItsStart, whenever } from "./source";
import { endpointColumns, tableBy } from "./tables";
import { gaugeOverTime } from "./users";

/** The two runs: names of series and columns, and the variables with the runs' names. */
const runs = { baseline: "baseline", run: "testid" } as const;
type Which = keyof typeof runs;
const runNames = Object.keys(runs) as Which[];

const chosen = (which: Which) => whenever(runs[which]);

/**
 * Both runs begin at a window's edge, the first one that is shown: what a gateway added up comes with some ms of jitter, and is far from edges if
 * the edge is where its seconds began. Else two of its sums fall into one window, and none into the next.
 */
const edge = `span = int(v: v.windowPeriod)
edge = (int(v: v.timeRangeStart) + span - 1) / span * span`;

/** Statements: by how much each run's samples are moved. */
const moves = [
  edge,
  ...runNames.map((which) => {
    const requests = { metric: "http_reqs", narrowed: "no", chosen: chosen(which) } as const;
    const first = both(requests, "value_sum", { raw: "|> first()", added: `|> first() |> ${toItsStart}` });
    return `started_${which} = ${first}
  |> group() |> sort(columns: ["_time"]) |> limit(n: 1) |> findColumn(fn: (key) => true, column: "_time")
began_${which} = if length(arr: started_${which}) > 0 then int(v: started_${which}[0]) else edge
move_${which} = duration(v: edge - began_${which})
offset_${which} = duration(v: began_${which} % span)`;
  }),
].join("\n");

/** The Flux steps that move. */
const moved = (which: Which) =>
  ` |> timeShift(duration: move_${which}, columns: ["_time"]) |> range(start: v.timeRangeStart, stop: v.timeRangeStop)`;

/** As `moved`, one row per window in place of each sample: 0.1 s in place of 2.9 for 300,000 requests. Windows begin with the run, so none is split. */
const movedWindows = (which: Which, fn: "sum" | "mean") =>
  ` |> aggregateWindow(every: v.windowPeriod, offset: offset_${which}, fn: ${fn}, createEmpty: false, timeSrc: "_start")${moved(which)}`;

/** One chart of both runs. */
function overlaid(stream: (which: Which) => string): string {
  return program([], moves, `union(tables: [\n${runNames.map(stream).join(",\n")},\n])`);
}

export const requestsPerSecond = overlaid(
  (which) => `${sumOverTime({ metric: "http_reqs", narrowed: "name", chosen: chosen(which) }, movedWindows(which, "sum"))}
  |> ${perSecond} |> ${named(which)}`,
);

export const failedShare = overlaid((which) =>
  shareOverTime({ metric: "http_req_failed", narrowed: "name", chosen: chosen(which) }, which, (fn) => movedWindows(which, fn)),
);

export const users = overlaid((which) => gaugeOverTime("vus", which, chosen(which), moved(which)));

export const percentile = (q: number) =>
  program(
    quantileImports,
    bucketQuantile,
    moves,
    ...runNames.map((which) =>
      percentilesBy({ metric: "http_req_duration", narrowed: "name", chosen: chosen(which) }, moved(which), `_${which}`),
    ),
    `union(tables: [${runNames.map((which) => `pct_${which}(q: ${q}, name: "${which}")`).join(", ")}])`,
  );

/** Figures of a run by name, in the order in which they are shown. */
function figures(which: Which): Record<string, string> {
  const of = (metric: string, narrowed: "name" | "scenario") => ({ metric, narrowed, chosen: chosen(which) });
  const duration = of("http_req_duration", "name");
  const percent = "\n  |> map(fn: (r) => ({r with _value: r._value * 100.0}))";
  return {
    Requests: sum(of("http_reqs", "name")),
    "Failed requests, %": mean(of("http_req_failed", "name")) + percent,
    "p50, ms": quantile(duration, 0.5),
    "p95, ms": quantile(duration, 0.95),
    "p99, ms": quantile(duration, 0.99),
    "Slowest request, ms": largest(duration),
    "Mean response time, ms": mean(duration),
    Iterations: sum(of("iterations", "scenario")),
    "Dropped iterations": sum(of("dropped_iterations", "scenario")),
    "Checks made": count(of("checks", "scenario")),
    "Checks passed, %": mean(of("checks", "scenario")) + percent,
  };
}

/** Makes sure that both columns are there, also where one of the runs is not. */
const noGap = `array.from(rows: [${runNames.map((which) => `{order: -1, figure: "", which: "${which}", _value: 0.0}`).join(", ")}]),`;

/** Both runs' figures, a row for each, with the change from the baseline. */
export const compared = program(
  [...quantileImports, "array"],
  bucketQuantile,
  `union(tables: [
${noGap}
${runNames
  .flatMap((which) =>
    Object.entries(figures(which)).map(
      ([figure, stream], order) => `${stream}
  |> map(fn: (r) => ({order: ${order}, figure: "${figure}", which: "${which}", _value: r._value})),`,
    ),
  )
  .join("\n")}
])
  |> group() |> pivot(rowKey: ["order", "figure"], columnKey: ["which"], valueColumn: "_value")
  |> filter(fn: (r) => r.order >= 0) |> sort(columns: ["order"])
  |> map(fn: (r) => ({figure: r.figure, baseline: r.baseline, run: r.run, change: if r.baseline == 0.0 then 0.0 else r.run / r.baseline - 1.0}))`,
);

/** Both runs by request name. */
export const endpoints = program(
  quantileImports,
  bucketQuantile,
  `${tableBy("name", Object.assign({}, ...runNames.map((which) => endpointColumns(chosen(which), `_${which}`))) as Record<string, string>)}
  |> sort(columns: ["name"])`,
);
