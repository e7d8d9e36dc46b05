import { runnerFailures, runnerFlaws } from "./verdict-runners";
import type { RunFigures, RunInputs, RunnerReport, RunState, ThresholdResult, Verdict } from "./types";

/** What of the inputs a verdict depends on. */
export type Expected = Pick<RunInputs, "run" | "runners" | "limits" | "script">;

/** What the store says of a run, or why it says nothing. */
export type StoreEvidence = { figures: RunFigures; thresholds: ThresholdResult[] } | { problem: string };

/** The end of a run, with a sentence for each thing that led to it. */
export interface Decision {
  verdict: Verdict;
  reasons: string[];
}

/**
 * Decides what a run shows. `invalid` (the run itself cannot be believed) wins over `fail` (the target missed something), `fail` over `pass`; the
 * reasons of both are told. A `pass` needs evidence: all runners at their end, and every sample they count in the store.
 */
export function decide(expected: Expected, state: RunState, evidence: StoreEvidence): Decision {
  const areCounted = hasTotals(expected);
  const flaws = [
    ...runFlaws(expected, state),
    ...runnerFlaws(expected.runners, state.runners, areCounted),
    ...storeFlaws(state, evidence, areCounted),
  ];
  const failures = [...thresholdFailures(evidence), ...runnerFailures(expected.runners, state.runners)];
  if (flaws.length > 0) {
    return { verdict: "invalid", reasons: [...flaws, ...failures] };
  }
  // What could not be looked at is told whatever came out.
  const unchecked = areCounted ? [] : [uncheckedReason(expected)];
  return failures.length > 0
    ? { verdict: "fail", reasons: [...failures, ...unchecked] }
    : { verdict: "pass", reasons: [passReason(state, evidence, areCounted), ...unchecked] };
}

/** Whether the runners tell what they did: the harness does it, and an archive runs without. */
export function hasTotals({ script }: Pick<RunInputs, "script">): boolean {
  return script?.archive === undefined;
}

function uncheckedReason({ run, runners }: Expected): string {
  return (
    `run ${run} ran an archive, so its ${counted(runners, "runner")} told no totals: not checked are samples lost on the way to the store ` +
    "and dropped iterations. Give the script itself to have them checked."
  );
}

function runFlaws({ run, runners, limits }: Expected, state: RunState): string[] {
  const flaws = [...state.causes];
  if (state.stage !== "finished" && flaws.length === 0) {
    flaws.push(`run ${run} did not finish: it was last seen ${state.stage}.`);
  }
  if (state.startSkewMs === undefined) {
    if (runners > 1 && state.startedAt !== undefined) {
      flaws.push(`run ${run}: the start times of its ${runners} runners are not known, so they may not have run together.`);
    }
  } else if (state.startSkewMs > limits.startSkewMs) {
    flaws.push(
      `run ${run}: its runners started ${state.startSkewMs} ms apart, above the limit of ${limits.startSkewMs} ms (limits.startSkewMs). ` +
        `Look at the load on their nodes, or raise the limit.`,
    );
  }
  const dropped = total(state.runners, "droppedIterations");
  const planned = total(state.runners, "iterations") + dropped;
  if (planned > 0 && dropped / planned > limits.droppedIterationsRatio) {
    flaws.push(
      `run ${run}: ${dropped} of ${planned} iterations (${percent(dropped / planned)}) were dropped, above the limit of ` +
        `${percent(limits.droppedIterationsRatio)} (limits.droppedIterationsRatio): the load asked for was not made. ` +
        `Raise maxVUs or the number of runners, or lower the rate.`,
    );
  }
  return flaws;
}

function storeFlaws(state: RunState, evidence: StoreEvidence, areCounted: boolean): string[] {
  if ("problem" in evidence) {
    return [evidence.problem];
  }
  const { figures, thresholds } = evidence;
  const made = areCounted ? totalsOf(state) : figures;
  const flaws = (["requests", "iterations"] as const).flatMap((what) => countFlaw(what, made[what], figures[what]));
  if (made.requests === 0 && made.iterations === 0) {
    const who = areCounted ? "the runners count" : "the store holds";
    flaws.push(`${who} 0 requests and 0 iterations: nothing was tested. Look at the script's options and scenarios.`);
  }
  for (const { metric, expression, actual } of thresholds) {
    if (actual === undefined) {
      flaws.push(
        `threshold ${metric}: ${expression} had nothing to evaluate: 0 samples of it are in the store. Check the metric's name and tags, and that the script records it.`,
      );
    }
  }
  return flaws;
}

function countFlaw(what: string, counted: number, stored: number): string[] {
  if (counted === stored) {
    return [];
  }
  const difference = Math.abs(counted - stored);
  const ratio = counted === 0 ? "" : ` (${percent(difference / counted)})`;
  const sense = stored < counted ? "are missing" : "are too many";
  return [
    `the runners count ${counted} ${what}, the store holds ${stored}: ${difference}${ratio} ${sense}, so figures and thresholds cannot be believed. ` +
      (stored < counted
        ? "Look for \"Couldn't write stats\" in the runners' logs and at the store's health."
        : "A runner ended without telling all it did, or something else writes with this run's testid."),
  ];
}

function thresholdFailures(evidence: StoreEvidence): string[] {
  return "problem" in evidence
    ? []
    : evidence.thresholds
        .filter(({ ok, actual }) => !ok && actual !== undefined)
        .map(
          ({ metric, expression, actual }) => `threshold ${metric}: ${expression} was missed: it is ${figure(actual ?? NaN)}.`,
        );
}

function passReason(state: RunState, evidence: StoreEvidence, areCounted: boolean): string {
  const [met, figures] = "problem" in evidence ? [0, totalsOf(state)] : [evidence.thresholds.length, evidence.figures];
  const { requests, iterations } = areCounted ? totalsOf(state) : figures;
  const judged = met === 0 ? "no threshold was set" : `${counted(met, "threshold")} met`;
  const found = areCounted ? "are all in the store" : "are in the store";
  return `${judged}; ${requests} requests and ${iterations} iterations of ${counted(state.runners.length, "runner")} ${found}.`;
}

function totalsOf({ runners }: RunState): { requests: number; iterations: number } {
  return { requests: total(runners, "requests"), iterations: total(runners, "iterations") };
}

function total(runners: readonly RunnerReport[], what: "requests" | "iterations" | "droppedIterations"): number {
  return runners.reduce((sum, { totals }) => sum + (totals?.[what] ?? 0), 0);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function percent(ratio: number): string {
  return `${figure(ratio * 100)} %`;
}

/** At most four significant digits, but never fewer than the whole number has. */
function figure(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
