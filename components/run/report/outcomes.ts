import { parseThresholds } from "../thresholds";
import { unitOf } from "../thresholds-builtin";
import type { ThresholdResult, Verdict } from "../types";
import { none, percent, withUnit } from "./format";

/** What came of a threshold: in the colours of verdicts, and in words. */
export interface Outcome {
  kind: Verdict;
  words: string;
}

export function outcomeOf({ actual, ok, onlyRunners, runners, problem }: ThresholdResult): Outcome {
  if (onlyRunners) {
    return ok
      ? { kind: "pass", words: "met on each runner" }
      : { kind: "fail", words: `missed on ${runnersText(runners?.missed ?? [])}` };
  }
  if (actual === undefined) {
    return { kind: "invalid", words: problem === undefined ? "no samples" : "not evaluated" };
  }
  return ok ? { kind: "pass", words: "met" } : { kind: "fail", words: "missed" };
}

/** What was measured for a threshold, with its unit. */
export function actualText(threshold: ThresholdResult): string {
  const { actual, windows, problem } = threshold;
  if (actual === undefined) {
    return problem ?? none;
  }
  const unit = unitFor(threshold);
  if (windows === undefined) {
    return withUnit(actual, unit);
  }
  const { met, of, worst } = windows;
  return `${met} of ${of} windows (${percent(actual)})${worst === null ? "" : `, worst ${withUnit(worst, unit)}`}`;
}

/** Who set a threshold, and of one of the script, how it looks to single runners. */
export function originText({ source = "test", runners }: ThresholdResult): string {
  if (source !== "script") {
    return source === "query" ? "query" : "load test";
  }
  const missed = runners?.missed ?? [];
  return missed.length === 0 ? "script; met on each runner alone" : `script; alone missed on ${runnersText(missed)}`;
}

function unitFor({ metric, expression, source }: ThresholdResult): string {
  if (source === "query") {
    return "";
  }
  const [threshold] = parseThresholds({ [metric]: [expression] });
  return threshold === undefined ? "" : unitOf(threshold.metric, threshold.aggregation.method);
}

function runnersText(indexes: readonly number[]): string {
  const shown = indexes.slice(0, 5).join(", ");
  return `runner${indexes.length === 1 ? "" : "s"} ${shown}${indexes.length > 5 ? ` and ${indexes.length - 5} more` : ""}`;
}
