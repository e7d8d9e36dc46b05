import { both, groupedBy, named, perSecond, program, read, shifted, windows, type Chosen, type Narrowed } from "./source";

/** A metric that is counted or added up. */
export interface Counted {
  metric: string;
  narrowed: Narrowed;
  chosen?: Chosen;
  /** Another condition on `r`. */
  where?: string;
}

/** The sum of all that is shown, a row for each value of `by`. */
export function sum(of: Counted, by: readonly string[] = []): string {
  return `${read({ ...of, fields: ["value", "value_sum"] })}\n  |> ${groupedBy(by)} |> sum()`;
}

/** How many samples there are, a row for each value of `by`. */
export function count(of: Counted, by: readonly string[] = []): string {
  return both(of, "value_count", {
    raw: `|> ${groupedBy(by)} |> count() |> toFloat()`,
    added: `|> ${groupedBy(by)} |> sum()`,
  });
}

/** The largest sample of all that is shown. */
export function largest(of: Counted, by: readonly string[] = []): string {
  return `${read({ ...of, fields: ["value", "value_max"] })}\n  |> ${groupedBy(by)} |> max()`;
}

/** The mean of all that is shown, a row for each value of `by`: of a rate, the share that is true. */
export function mean(of: Counted, by: readonly string[] = []): string {
  return `union(tables: [
${sum(of, by)}
  |> set(key: "part", value: "sum"),
${count(of, by)}
  |> set(key: "part", value: "count"),
])
  |> set(key: "whole", value: "")
  |> group()
  |> pivot(rowKey: [${[...by, "whole"].map((column) => `"${column}"`).join(", ")}], columnKey: ["part"], valueColumn: "_value")
  |> map(fn: (r) => ({r with _value: r.sum / r.count}))
  |> drop(columns: ["sum", "count", "whole"])
  |> ${groupedBy(by)}`;
}

/** A sum as one number; where nothing was counted, a true zero. */
export function sumStat(of: Counted): string {
  return program(
    ["array"],
    `union(tables: [
${sum(of)} |> keep(columns: ["_value"]),
array.from(rows: [{_value: 0.0}]),
])
  |> sum()`,
  );
}

/** A mean as one number. */
export function meanStat(of: Counted): string {
  return `${mean(of)}\n  |> keep(columns: ["_value"])`;
}

/** The sum per window over time; a step `before` the windows, with its `|>`, may move samples. */
export function sumOverTime(of: Counted, before = ""): string {
  const fold = `${windows("sum", true)} |> fill(value: 0.0)`;
  return both(of, "value_sum", {
    raw: `|> group()${before} |> ${fold}`,
    added: `|> group() |> ${shifted}${before} |> ${fold}`,
  });
}

/** A counter per second over time; a window without a sample is a true zero. */
export function ratePerSecond(of: Counted, series: string): string {
  return `${sumOverTime(of)}\n  |> ${perSecond} |> ${named(series)}`;
}

/** As `ratePerSecond`, a series for each value of a tag; where samples were added up over the tag, they are together under `all`. */
export function ratePerSecondBy(of: Counted, tag: string, all?: string): string {
  const fold = `${windows("sum", true)} |> fill(value: 0.0) |> ${perSecond}`;
  return both(of, "value_sum", {
    raw: `|> ${groupedBy([tag])} |> ${fold} |> keep(columns: ["_time", "_value", "${tag}"])`,
    added:
      all === undefined
        ? `|> ${groupedBy([tag])} |> ${shifted} |> ${fold} |> keep(columns: ["_time", "_value", "${tag}"])`
        : `|> group() |> ${shifted} |> ${fold} |> ${named(all, tag)}`,
  });
}

/** A share over time, in percent: axes of Grafana's own unit for shares would show a few of them as a flat line. None where there is no sample. */
export function shareOverTime(of: Counted, series: string, before: (fn: "sum" | "mean") => string = () => ""): string {
  const fraction = (field: "value_sum" | "value_count") => `${read({ ...of, fields: [field] })}
  |> group() |> ${shifted}${before("sum")} |> ${windows("sum", false)} |> set(key: "part", value: "${field}")`;
  return `union(tables: [
${read({ ...of, fields: ["value"] })}
  |> group()${before("mean")} |> ${windows("mean", true)} |> keep(columns: ["_time", "_value"]),
union(tables: [
${fraction("value_sum")},
${fraction("value_count")},
])
  |> group() |> pivot(rowKey: ["_time"], columnKey: ["part"], valueColumn: "_value")
  |> map(fn: (r) => ({_time: r._time, _value: r.value_sum / r.value_count})),
])
  |> map(fn: (r) => ({_time: r._time, _value: r._value * 100.0, series: "${series}"})) |> group(columns: ["series"]) |> sort(columns: ["_time"])`;
}

/** The highest mean of five seconds, per second. */
export function peakPerSecond(of: Counted): string {
  const fold = `aggregateWindow(every: 5s, fn: sum, createEmpty: false)`;
  const folds = { raw: `|> group() |> ${fold}`, added: `|> group() |> ${shifted} |> ${fold}` };
  return `${both(of, "value_sum", folds)}
  |> group() |> max() |> map(fn: (r) => ({_value: r._value / 5.0}))`;
}
