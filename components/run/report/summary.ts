import { styleText } from "node:util";
import Table from "cli-table3";
import type { Comparison } from "../compare/types";
import { exitCodeMeaning } from "../exit-codes";
import type { RunnerReport, RunResult, ThresholdResult, Verdict } from "../types";
import { count, milliseconds, none, percent, span, withUnit } from "./format";
import { actualText, outcomeOf } from "./outcomes";

/** Where the report is, if it was written. */
export type Summarised = RunResult & { reportPath?: string; resultUrl?: string };

type Colour = "green" | "red" | "yellow" | "dim" | "bold";
type Paint = (colour: Colour, text: string) => string;

const colours: Record<Verdict, Colour> = { pass: "green", fail: "red", invalid: "yellow" };

/** A run's result for a terminal, ending in its URL. @default options.colour false */
export function summaryText(result: Summarised, options: { colour?: boolean } = {}): string {
  const paint: Paint = (colour, text) => (options.colour ? styleText(colour, text, { validateStream: false }) : text);
  const { run, verdict, reasons, reportPath, resultUrl } = result;
  const lines = [
    `${paint("bold", run)}: ${paint(colours[verdict], `verdict ${verdict}`)}`,
    ...reasons.map((reason) => `  ${reason}`),
    "",
    figuresLine(result),
    ...(result.thresholds.length === 0 ? [] : ["", thresholdsTable(result.thresholds, paint)]),
    "",
    runnersTable(result.runners, paint),
    "",
    ...(result.comparison === undefined ? [] : [comparisonLine(result.comparison), ""]),
    ...(reportPath === undefined ? [] : [`report  ${reportPath}`]),
    ...(resultUrl === undefined ? [] : [`result  ${resultUrl}`]),
  ];
  // Not every terminal and log shows a narrow space.
  return `${lines.join("\n").trimEnd()}\n`.replaceAll("\u202f", " ");
}

function figuresLine({ figures }: RunResult): string {
  const { requests, requestsPerSecond, errorRate, p50, p95, p99 } = figures;
  const time = (name: string, value: number | null) => `${name} ${value === null ? none : milliseconds(value)}`;
  const rate = requestsPerSecond === null ? [] : [withUnit(requestsPerSecond, "/s")];
  const errors = errorRate === null ? [] : [`${percent(errorRate)} errors`];
  return [`${count(requests)} requests`, ...rate, ...errors, time("p50", p50), time("p95", p95), time("p99", p99)].join(", ");
}

function comparisonLine({ outcome, reason, baselines }: Comparison): string {
  const others = baselines.length === 0 ? "" : ` (against ${baselines.join(", ")})`;
  return `compared${others}: ${outcome}: ${reason}`;
}

function thresholdsTable(thresholds: readonly ThresholdResult[], paint: Paint): string {
  const table = plainTable(["threshold", "", "actual", ""], [2], paint);
  for (const threshold of thresholds) {
    const { metric, expression } = threshold;
    const { kind, words } = outcomeOf(threshold);
    table.push([metric, expression, actualText(threshold), paint(colours[kind], words)]);
  }
  return table.toString();
}

function runnersTable(runners: readonly RunnerReport[], paint: Paint): string {
  const table = plainTable(["runner", "pod", "node", "end", "requests", "iterations", "load"], [4, 5, 6], paint);
  for (const { index, pod, node, exitCode, state, totals } of runners) {
    const end = exitCode === undefined ? state : `${exitCode} ${exitCodeMeaning(exitCode)}`;
    const number = (value: number | undefined) => (value === undefined ? none : count(value));
    const colour: Colour = exitCode === 0 && state === "succeeded" ? "green" : "red";
    const load = totals === undefined ? none : span(totals.durationMs);
    table.push([
      index,
      pod ?? none,
      node ?? none,
      paint(colour, end),
      number(totals?.requests),
      number(totals?.iterations),
      load,
    ]);
  }
  return table.toString();
}

/** Columns without lines between them: they survive logs and copying. */
function plainTable(head: string[], right: readonly number[], paint: Paint): Table.Table {
  const sides = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"];
  const inner = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"];
  return new Table({
    head: head.map((name) => paint("dim", name)),
    colAligns: head.map((_, i) => (right.includes(i) ? "right" : "left")),
    chars: { ...Object.fromEntries([...sides, ...inner].map((name) => [name, ""])), middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
}
