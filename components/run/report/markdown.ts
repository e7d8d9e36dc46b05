import type { ComparedFigure } from "../compare/types";
import type { RunResult, Verdict } from "../types";
import { count, milliseconds, none, percent, withUnit } from "./format";
import { actualText, originText, outcomeOf } from "./outcomes";

const signs: Record<Verdict, string> = { pass: "✅", fail: "❌", invalid: "⚠️" };

/** A run's result as a comment for a pull request. */
export function markdown(result: RunResult): string {
  const { run, verdict, reasons, thresholds, comparison } = result;
  const blocks = [
    `### ${signs[verdict]} k6 load test ${escaped(run)}: ${verdict}`,
    reasons.map((reason) => `- ${escaped(reason)}`).join("\n"),
    figuresTable(result),
    ...(thresholds.length === 0 ? [] : [thresholdsTable(result)]),
    ...(comparison === undefined ? [] : [`**Compared: ${comparison.outcome}.** ${escaped(comparison.reason)}`]),
    ...(comparison === undefined || comparison.figures.length === 0 ? [] : [comparedTable(comparison.figures)]),
    ...(comparison?.caveats ?? []).map((caveat) => `> ${escaped(caveat)}`),
    [`${result.runners.length} runners`, `script ${escaped(result.script.name)}`, `image ${escaped(result.image)}`].join(" · "),
  ];
  return `${blocks.join("\n\n")}\n`.replaceAll("\u202f", " ");
}

function figuresTable({ figures }: RunResult): string {
  const { requests, requestsPerSecond, errorRate, p50, p95, p99, max } = figures;
  const or = (value: number | null, format: (value: number) => string) => (value === null ? none : format(value));
  const rate = or(requestsPerSecond, (value) => withUnit(value, ""));
  const times = [p50, p95, p99, max].map((value) => or(value, milliseconds));
  return table(
    ["requests", "per second", "errors", "p50", "p95", "p99", "slowest"],
    [[count(requests), rate, or(errorRate, percent), ...times]],
  );
}

function thresholdsTable({ thresholds }: RunResult): string {
  const rows = thresholds.map((threshold) => {
    const { kind, words } = outcomeOf(threshold);
    const { metric, expression } = threshold;
    return [`${signs[kind]} ${words}`, `\`${metric}\``, `\`${expression}\``, actualText(threshold), originText(threshold)];
  });
  return table(["", "metric", "threshold", "actual", "set by"], rows);
}

function comparedTable(figures: readonly ComparedFigure[]): string {
  const rows = figures.map(({ name, unit, baseline, candidate, change, detectable, outcome }) => {
    const value = (of: number) => (unit === "" ? percent(of) : withUnit(of, unit));
    return [name, value(baseline), value(candidate), `${change > 0 ? "+" : ""}${percent(change)}`, percent(detectable), outcome];
  });
  return table(["figure", "before", "now", "change", "detectable", ""], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What came from outside stays text: no markup, no link, no mention of somebody. */
function escaped(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replace(/[\\`*_[\]<>#|~]/g, "\\$&")
    .replace(/@/g, "@\u200b");
}
