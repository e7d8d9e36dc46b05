import { untrended } from "../run/thresholds-builtin";
import { bucketing, bucketTag } from "./gateway/buckets";
import { ownPrefix } from "./gateway/names";

/** What a roll-up reads and writes. */
export interface Rollup {
  /** Name of the task. */
  task: string;
  /** Bucket with samples as runners or the gateway write them. */
  from: string;
  /** Bucket for what is rolled up. */
  to: string;
  /** Length of a window. */
  windowSeconds: number;
}

/** How often the task runs, seconds. A window must go into it a whole number of times. */
export const rollupEverySeconds = 600;
/** How far back it looks each time: samples that come up to ten minutes late are still taken in, and what was written before is written over. */
const lookBackSeconds = 2 * rollupEverySeconds;
/** After the clock's tenth minute, for samples that are on their way. */
const offsetSeconds = 60;

/** Parts of a request's time; of these the sums are kept, and no percentiles. */
const parts = ["blocked", "connecting", "tls_handshaking", "sending", "receiving", "waiting"].map((part) => `http_req_${part}`);

/** What is kept of a window: the field of a sample or of what a gateway added up, and how it is reduced in each series and over them. */
const reductions = [
  { source: "value", field: "value_count", fn: "count", over: "sum" },
  { source: "value", field: "value_sum", fn: "sum", over: "sum" },
  { source: "value", field: "value_min", fn: "min", over: "min" },
  { source: "value", field: "value_max", fn: "max", over: "max" },
  { source: "value", field: "value_last", fn: "last", over: "last" },
  { source: "value_count", field: "value_count", fn: "sum", over: "sum" },
  { source: "value_sum", field: "value_sum", fn: "sum", over: "sum" },
  { source: "value_min", field: "value_min", fn: "min", over: "min" },
  { source: "value_max", field: "value_max", fn: "max", over: "max" },
  { source: "value_last", field: "value_last", fn: "last", over: "last" },
];

/**
 * The program that rolls samples up, in Flux. It writes what a gateway in mode `aggregated` writes, for longer windows and without runner
 * and relay: one query reads both, and what a gateway added up is rolled up just the same. Windows are named by their start. Negative
 * samples count as 0 in percentiles.
 */
export function rollupFlux({ task, from, to, windowSeconds }: Rollup): string {
  const { smallest, logRatio, middles } = bucketing;
  const hasHistogram = [...untrended, ...parts].map((metric) => `r._measurement != ${text(metric)}`).join(" and ");
  return `import "array"
import "math"

option task = {name: ${text(task)}, every: ${rollupEverySeconds}s, offset: ${offsetSeconds}s}

samples = from(bucket: ${text(from)})
    |> range(start: -${lookBackSeconds}s)
    |> filter(fn: (r) => r._measurement !~ /^${ownPrefix}/)

windows = (tables=<-, fn) => tables
    |> aggregateWindow(every: ${windowSeconds}s, fn: fn, createEmpty: false, timeSrc: "_start")

// First in each series, which the storage engine does, then over runners and relays.
rolledUp = (source, field, fn, over) => samples
    |> filter(fn: (r) => r._field == source)
    |> windows(fn: fn)
    |> drop(columns: ["instance_id", "relay"])
    |> windows(fn: over)
    |> set(key: "_field", value: field)
    |> toFloat()
    |> to(bucket: ${text(to)})

${reductions.map((one) => `rolledUp(source: ${text(one.source)}, field: ${text(one.field)}, fn: ${one.fn}, over: ${one.over})\n    |> yield(name: ${text(`${one.source} to ${one.field}`)})`).join("\n")}

// The name of the bucket of latencies that ends at a bound: its middle, to six digits, as the gateway writes it.
middle = (bound) => {
    number = math.mMin(x: math.round(x: math.log(x: bound / ${float(smallest)}) / ${logRatio}), y: ${float(middles.length)})
    at = ${float(smallest)} * math.exp(x: (number - 0.5) * ${logRatio})
    zeros = int(v: math.floor(x: math.log10(x: at))) - 5
    digits = math.round(x: at * math.pow10(n: -zeros))
    rounded = if zeros < 0 then digits / math.pow10(n: -zeros) else digits * math.pow10(n: zeros)

    return if number < 0.5 then "0" else string(v: rounded)
}

// The first bound is below every sample: counts are cumulative, and the differences begin with the second.
bounds = array.concat(
    arr: [-${"9".repeat(15)}.0],
    v: logarithmicBins(start: ${float(smallest)}, factor: math.exp(x: ${logRatio}), count: ${middles.length}, infinity: true),
)

samples
    |> filter(fn: (r) => r._field == "value" and ${hasHistogram})
    |> window(every: ${windowSeconds}s)
    |> histogram(bins: bounds)
    |> difference()
    |> filter(fn: (r) => r._value > 0.0)
    |> map(
        fn: (r) => ({r with
            _time: r._start,
            _measurement: r._measurement + "_hist",
            _field: "value_count",
            ${bucketTag}: middle(bound: r.le),
        }),
    )
    |> group(columns: ["_value", "_start", "_stop", "le", "instance_id", "relay"], mode: "except")
    |> sum()
    |> to(bucket: ${text(to)})
    |> yield(name: "latencies")
`;
}

function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A text in Flux; an expression in it would be evaluated. */
function text(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("${", "\\${")}"`;
}
