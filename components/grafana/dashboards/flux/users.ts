import { aggregationSeconds } from "../../../metrics/gateway/names";
import { named, read, shifted, windows, type Chosen } from "./source";

/** A gauge that each runner tells once a second. */
type Gauge = "vus" | "vus_max";

/**
 * A gauge of each runner, added up over all of them, per window. Of samples that were added up the sum of the seconds is told, which is one of
 * each runner: their mean over the window, so that a window in which load began or ended shows a part of it, and one into which a sixth
 * sample of a runner fell up to a fifth more.
 *
 * @param every a Flux duration that is not shorter than 5 s
 */
function addedUp(gauge: Gauge, every: string, chosen?: Chosen, before = ""): string {
  const part = { metric: gauge, narrowed: "no", ...(chosen === undefined ? {} : { chosen }) } as const;
  const window = (fn: string) => windows(fn, false).replace("v.windowPeriod", every);
  const perWindow = every === "v.windowPeriod" ? "float(v: int(v: v.windowPeriod)) / 1000000000.0" : `${aggregationSeconds}.0`;
  return `union(tables: [
${read({ ...part, fields: ["value"] })}
  |> group(columns: ["instance_id"])${before} |> ${window("last")} |> group(columns: ["_time"]) |> sum(),
${read({ ...part, fields: ["value_sum"] })}
  |> group() |> ${shifted}${before} |> ${window("sum")}
  |> map(fn: (r) => ({_time: r._time, _value: r._value / (${perWindow})})),
])`;
}

/** A gauge over time. */
export function gaugeOverTime(gauge: Gauge, series: string, chosen?: Chosen, before = ""): string {
  return `${addedUp(gauge, "v.windowPeriod", chosen, before)}\n  |> ${named(series)}`;
}

/** The most at a time, a whole number. */
export function gaugePeak(gauge: Gauge, chosen?: Chosen): string {
  return `${addedUp(gauge, `${aggregationSeconds}s`, chosen)}
  |> group() |> max() |> map(fn: (r) => ({_value: float(v: int(v: r._value + 0.5))}))`;
}

/** Active VUs of each runner; where runners are not told apart, all of them together. */
export function usersByRunner(all: string): string {
  const perWindow = "float(v: int(v: v.windowPeriod)) / 1000000000.0";
  return `union(tables: [
${read({ metric: "vus", narrowed: "no", fields: ["value"] })}
  |> group(columns: ["instance_id"]) |> ${windows("last", false)} |> keep(columns: ["_time", "_value", "instance_id"]),
${read({ metric: "vus", narrowed: "no", fields: ["value_sum"] })}
  |> group() |> ${shifted} |> ${windows("sum", false)}
  |> map(fn: (r) => ({_time: r._time, _value: r._value / (${perWindow}), instance_id: "${all}"})) |> group(columns: ["instance_id"]),
])`;
}
