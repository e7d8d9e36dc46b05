import type { RunInputs, RunnerReport, RunState } from "./types";
import { gathered } from "./verdict-runners";
import { percent } from "./verdict-words";

/**
 * Of the CPU periods of a runner's load, 100 ms each: past this share, many of the times it measured hold its own waits. In the lab, runners with
 * enough CPU were held up in none and ones that lacked it in two thirds and more (docs/verdict.md); where between them is a judgement.
 */
const throttledLimit = 0.25;

/** Two seconds: in fewer, one moment would decide. */
const fewestPeriods = 20;

/** Sentences on a run as a whole: that it did not end, or did not make the load that was asked for. */
export function runFlaws({ run, runners, limits }: Pick<RunInputs, "run" | "runners" | "limits">, state: RunState): string[] {
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
  return [...flaws, ...droppedFlaws(run, limits.droppedIterationsRatio, state)];
}

/** A target in distress holds VUs up, and so drops iterations: after `abortWhen` stopped a run for it they say nothing more. */
function droppedFlaws(run: string, limit: number, { aborted, runners }: RunState): string[] {
  const total = (what: "iterations" | "droppedIterations") => runners.reduce((sum, { totals }) => sum + (totals?.[what] ?? 0), 0);
  const dropped = total("droppedIterations");
  const planned = total("iterations") + dropped;
  if (aborted !== undefined || planned === 0 || dropped / planned <= limit) {
    return [];
  }
  return [
    `run ${run}: ${dropped} of ${planned} iterations (${percent(dropped / planned)}) were dropped, above the limit of ` +
      `${percent(limit)} (limits.droppedIterationsRatio): the load asked for was not made. ` +
      `Raise maxVUs or the number of runners, or lower the rate.`,
  ];
}

/** Sentences on runners that their CPU limit held up, where they tell it. */
export function throttlingFlaws(
  { runners: wanted, limits }: Pick<RunInputs, "runners" | "limits">,
  runners: readonly RunnerReport[],
): string[] {
  const limit = limits.throttledPeriodsRatio ?? throttledLimit;
  const flaws = runners.flatMap(({ index, pod, totals }) => {
    const { periods = 0, throttledPeriods = 0 } = totals?.cpu ?? {};
    if (periods < fewestPeriods || throttledPeriods / periods <= limit) {
      return [];
    }
    const name = `runner ${index} of ${wanted}${pod === undefined ? "" : ` (pod ${pod})`}`;
    return [
      `${name} was throttled in ${throttledPeriods} of ${periods} CPU periods of its load (${percent(throttledPeriods / periods)}), above the limit of ` +
        `${percent(limit)} (limits.throttledPeriodsRatio): times it measured hold its own waits. Raise resources.cpu, or use more runners.`,
    ];
  });
  return gathered(flaws);
}
