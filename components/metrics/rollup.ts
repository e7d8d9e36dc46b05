import { bucketTag } from "./gateway/buckets";
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

/** After how long everything has been rolled up once more, seconds. A window must go into it a whole number of times. */
export const rollupEverySeconds = 600;
/** How far back it looks each time: samples that come up to ten minutes late are still taken in, and what was written before is written over. */
const lookBackSeconds = 2 * rollupEverySeconds;
/** How often the task runs, seconds. Each time it takes one turn of those below: a store with little memory does not survive all at once. */
export const rollupTurnSeconds = 60;
/** After the clock's minute, for samples that are on their way. */
const offsetSeconds = 60;

/** One turn of the task. */
interface Turn {
  /** Which series, as a condition on `r`. */
  of: string;
  /** How a window of a series is reduced: one of those that the storage engine does itself. */
  fn: "count" | "sum" | "min" | "max" | "last";
  /** Field that is written. */
  field: string;
}

/** Of buckets of latencies there are by far the most series: they are taken in four turns, by the last digit of their middle, which is any. */
const lastDigits = ["[0-2]", "[34]", "[56]", "[7-9]"];

/** Ten, so that all have had theirs in ten minutes. */
const turns: readonly Turn[] = [
  { of: either("value"), fn: "count", field: "value_count" },
  { of: either("value", "value_sum"), fn: "sum", field: "value_sum" },
  { of: either("value", "value_min"), fn: "min", field: "value_min" },
  { of: either("value", "value_max"), fn: "max", field: "value_max" },
  { of: either("value", "value_last"), fn: "last", field: "value_last" },
  { of: `${either("value_count")} and r._measurement !~ /_hist$/`, fn: "sum", field: "value_count" },
  ...lastDigits.map((digit): Turn => {
    const of = `${either("value_count")} and r._measurement =~ /_hist$/ and r.${bucketTag} =~ /${digit}$/`;
    return { of, fn: "sum", field: "value_count" };
  }),
];

/**
 * The program that rolls samples up, in Flux. It writes what a gateway in mode `aggregated` writes, for longer windows: one query reads both,
 * and what a gateway added up is rolled up just the same. Windows are named by their start. Percentiles are kept only of what a gateway
 * added up: buckets of raw samples cannot be counted by the storage engine, and all raw samples in memory are more than a store may have.
 *
 * Only the first step after `filter` is done by the storage engine, so there is no other that looks at single series: the most of
 * all runners took four times the memory of the most of each. `group` comes before what changes columns, which takes some 25 KiB for each table.
 */
export function rollupFlux({ task, from, to, windowSeconds }: Rollup): string {
  const rolledUp = ({ of, fn, field }: Turn) => `from(bucket: ${text(from)})
        |> range(start: time(v: tenthMinute - ${lookBackSeconds} * second), stop: time(v: tenthMinute))
        |> filter(fn: (r) => r._measurement !~ /^${ownPrefix}/ and ${of})
        |> aggregateWindow(every: ${windowSeconds}s, fn: ${fn}, createEmpty: false, timeSrc: "_start")
        |> group(columns: ["_measurement"])
        |> toFloat()
        |> set(key: "_field", value: ${text(field)})
        |> to(bucket: ${text(to)})`;
  const branches = turns.map((turn, i) => `${i < turns.length - 1 ? `if turn == ${i} then\n    ` : "\n    "}${rolledUp(turn)}`);
  return `option task = {name: ${text(task)}, every: ${rollupTurnSeconds}s, offset: ${offsetSeconds}s}

second = 1000000000
clock = int(v: now())
tenthMinute = clock - clock % (${rollupEverySeconds} * second)
turn = (clock - tenthMinute) / (${rollupTurnSeconds} * second)

${branches.join("\nelse ")}
`;
}

function either(...fields: string[]): string {
  return `(${fields.map((field) => `r._field == ${text(field)}`).join(" or ")})`;
}

/** A text in Flux; an expression in it would be evaluated. */
function text(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("${", "\\${")}"`;
}
