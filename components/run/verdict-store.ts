import { accountsOfFigures, examineAccounts, type AccountFindings, type GatewayCounters, type MetricAccount } from "./accounting";
import type { ThresholdResult } from "./threshold-types";
import type { RunFigures, RunState, ValidityLimits } from "./types";
import { figure, percent } from "./verdict-words";

/** What the store says of a run, or why it says nothing. */
export type StoreEvidence =
  | {
      figures: RunFigures;
      thresholds: ThresholdResult[];
      /** Absent: requests and iterations alone are compared, by the figures. */
      accounts?: MetricAccount[];
      gateway?: GatewayCounters;
      /** What the gateway did not store as it came, a sentence for each tag; told whatever comes out. */
      heldBack?: readonly string[];
    }
  | { problem: string };

/** What is wrong with what the store holds. */
export function storeFindings(
  state: RunState,
  evidence: StoreEvidence,
  limits: ValidityLimits,
  areCounted: boolean,
): AccountFindings {
  if ("problem" in evidence) {
    return { flaws: [evidence.problem], notes: [] };
  }
  const { figures, thresholds, gateway } = evidence;
  const accounts = areCounted ? (evidence.accounts ?? accountsOfFigures(state.runners, figures)) : [];
  const { flaws, notes } = examineAccounts(accounts, gateway, limits.lostSamplesRatio ?? 0);
  const total = (what: "requests" | "iterations") => state.runners.reduce((sum, { totals }) => sum + (totals?.[what] ?? 0), 0);
  const made = areCounted ? total("requests") + total("iterations") : figures.requests + figures.iterations;
  if (made === 0) {
    const who = areCounted ? "the runners count" : "the store holds";
    flaws.push(`${who} 0 requests and 0 iterations: nothing was tested. Look at the script's options and scenarios.`);
  }
  // A run that was cut short may have ended before some of its script came to its turn.
  const unevaluated = thresholds.filter(isUnevaluated).map(unevaluatedSentence);
  (state.aborted === undefined ? flaws : notes).push(...unevaluated);
  return { flaws, notes };
}

/** A sentence for each threshold that was missed. */
export function thresholdFailures(thresholds: readonly ThresholdResult[]): string[] {
  return thresholds.filter((threshold) => !threshold.ok && threshold.actual !== undefined).map(missedSentence);
}

function isUnevaluated({ actual, onlyRunners }: ThresholdResult): boolean {
  return actual === undefined && onlyRunners === undefined;
}

function unevaluatedSentence(threshold: ThresholdResult): string {
  const { problem } = threshold;
  const why =
    problem === undefined
      ? "0 samples of it are in the store. Check the metric's name and tags, and that the script records it"
      : problem.replace(/\.$/, "");
  return `${nameOf(threshold)} had nothing to evaluate: ${why}.`;
}

function missedSentence(threshold: ThresholdResult): string {
  const { actual = NaN, windows } = threshold;
  const name = nameOf(threshold);
  if (windows === undefined) {
    return `${name} was missed: it is ${figure(actual)}.`;
  }
  const { met, of, empty, worst } = windows;
  const without = empty === 0 ? "" : `, ${empty} of them without a sample`;
  const extreme = worst === null ? "" : `; the worst has ${figure(worst)}`;
  return `${name} was missed: ${met} of ${of} windows (${percent(actual)}) met it${without}${extreme}.`;
}

function nameOf({ metric, expression, source = "test" }: ThresholdResult): string {
  const kinds = { test: "threshold", script: "the script's threshold", query: "query" };
  return `${kinds[source]} ${metric}: ${expression}`;
}
