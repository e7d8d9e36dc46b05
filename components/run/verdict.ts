import type { Comparison } from "./compare/types";
import { healNotes } from "./healing/healed";
import type { ThresholdResult } from "./threshold-types";
import { isJudgedOverAll } from "./thresholds-script";
import type { RunInputs, RunnerReport, RunState, Verdict } from "./types";
import { runFlaws, throttlingFlaws } from "./verdict-run";
import { leftOutFlaws, runnerFailures, runnerFlaws } from "./verdict-runners";
import { storeFindings, thresholdFailures, type StoreEvidence } from "./verdict-store";
import { counted } from "./verdict-words";

export type { StoreEvidence } from "./verdict-store";

/** What of the inputs a verdict depends on. */
export type Expected = Pick<RunInputs, "run" | "runners" | "limits" | "script" | "compare">;

/** The end of a run, with a sentence for each thing that led to it. */
export interface Decision {
  verdict: Verdict;
  reasons: string[];
}

/**
 * Decides what a run shows. `invalid` (the run itself cannot be believed) wins over `fail` (the target missed something), `fail` over `pass`; the
 * reasons of both are told. A `pass` needs evidence: all runners at their end, and every sample they count in the store.
 */
export function decide(expected: Expected, seen: RunState, evidence: StoreEvidence, comparison?: Comparison): Decision {
  const areCounted = hasTotals(expected);
  const state = withoutOwnStop(seen);
  const thresholds = "problem" in evidence ? [] : evidence.thresholds;
  const judged = state.runners.filter((runner) => !isEndedByPart(runner, thresholds));
  const store = storeFindings(state, evidence, expected.limits, areCounted);
  const compared = comparisonFindings(expected, comparison);
  const flaws = [
    ...runFlaws(expected, state),
    ...runnerFlaws(expected.runners, state.runners, areCounted),
    // A run that was cut short is no pass anyway.
    ...(state.aborted === undefined ? leftOutFlaws(expected.runners, state.runners) : []),
    ...throttlingFlaws(expected, state.runners),
    ...store.flaws,
    ...compared.flaws,
  ];
  const failures = [
    ...(state.aborted === undefined ? [] : [state.aborted]),
    ...thresholdFailures(thresholds),
    ...runnerFailures(expected.runners, judged),
    ...compared.failures,
  ];
  const heldBack = "problem" in evidence ? [] : (evidence.heldBack ?? []);
  // What could not be looked at, and what was seen and not judged, is told whatever came out.
  const notes = [
    ...healNotes(state.runners),
    ...store.notes,
    ...partNotes(state.runners, thresholds),
    ...(areCounted ? [] : [uncheckedReason(expected)]),
    ...heldBack,
  ];
  if (flaws.length > 0) {
    return { verdict: "invalid", reasons: [...flaws, ...failures, ...heldBack] };
  }
  return failures.length > 0
    ? { verdict: "fail", reasons: [...failures, ...notes] }
    : { verdict: "pass", reasons: [passReason(state, evidence, areCounted), ...notes, ...compared.notes] };
}

/** Whether the runners tell what they did: the harness does it, and an archive runs without. */
export function hasTotals({ script }: Pick<RunInputs, "script">): boolean {
  return script?.archive === undefined;
}

// k6's exit codes after a stop through its API and after SIGTERM: see exit-codes.ts.
const stopCodes: readonly (number | undefined)[] = [103, 105];

/** Runners that `abortWhen` stopped ended as they were told to. */
function withoutOwnStop(state: RunState): RunState {
  if (state.aborted === undefined) {
    return state;
  }
  const runners = state.runners.map(({ cause, ...runner }): RunnerReport => {
    const isOurs = stopCodes.includes(runner.exitCode) && runner.state !== "lost";
    return isOurs ? { ...runner, state: "succeeded", exitCode: 0 } : { ...runner, ...(cause === undefined ? {} : { cause }) };
  });
  return { ...state, runners };
}

/** Whether a runner's exit code says no more than that its own part missed what is judged over all. */
function isEndedByPart(runner: RunnerReport, thresholds: readonly ThresholdResult[]): boolean {
  return runner.state !== "lost" && isJudgedOverAll(runner, thresholds);
}

function partNotes(runners: readonly RunnerReport[], thresholds: readonly ThresholdResult[]): string[] {
  const parts = runners.filter((runner) => isEndedByPart(runner, thresholds));
  const missed = parts.flatMap(({ totals }) => totals?.thresholds?.filter(({ ok }) => !ok) ?? []);
  const names = [...new Set(missed.map(({ metric, expression }) => `${metric}: ${expression}`))];
  return parts.length === 0
    ? []
    : [
        `${counted(parts.length, "runner")} ended with exit code 99, having missed ${names.join(", ")} over the samples of one runner alone; ` +
          "what counts is the same over the samples of all.",
      ];
}

function comparisonFindings({ run, compare }: Expected, comparison: Comparison | undefined) {
  const found: { flaws: string[]; failures: string[]; notes: string[] } = { flaws: [], failures: [], notes: [] };
  if (comparison === undefined) {
    return found;
  }
  const sentence = `run ${run}: ${comparison.outcome}: ${comparison.reason}`;
  if (compare?.gate === true && comparison.outcome === "regression") {
    return { ...found, failures: [sentence] };
  }
  // Somebody asked that it be no slower than this baseline, and nobody knows.
  return compare?.gate === true && comparison.outcome === "not comparable" && compare.baseline !== undefined
    ? { ...found, flaws: [sentence] }
    : { ...found, notes: [sentence] };
}

function uncheckedReason({ run, runners }: Expected): string {
  return (
    `run ${run} ran an archive, so its ${counted(runners, "runner")} told no totals: not checked are samples lost on the way to the store, ` +
    "dropped iterations and throttling. Give the script itself to have them checked."
  );
}

function passReason(state: RunState, evidence: StoreEvidence, areCounted: boolean): string {
  const [thresholds, figures] = "problem" in evidence ? [[], undefined] : [evidence.thresholds, evidence.figures];
  const total = (what: "requests" | "iterations") =>
    areCounted ? state.runners.reduce((sum, { totals }) => sum + (totals?.[what] ?? 0), 0) : (figures?.[what] ?? 0);
  const judged = thresholds.length === 0 ? "no threshold was set" : `${counted(thresholds.length, "threshold")} met`;
  const found = areCounted ? "are all in the store" : "are in the store";
  return `${judged}; ${total("requests")} requests and ${total("iterations")} iterations of ${counted(state.runners.length, "runner")} ${found}.`;
}
