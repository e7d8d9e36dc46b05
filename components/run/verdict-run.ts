import type { RunInputs, RunnerReport, RunState } from "./types";
import { percent } from "./verdict-words";

/**
 * Of a runner's CPU periods, which are 100 ms each: past this share, times it measured hold its own waits. A judgement, not a measurement.
 */
const throttledLimit = 0.25;

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

/** Sentences on runners that did not get the CPU they asked for, where they tell it. */
export function throttlingFlaws({ runners: wanted }: Pick<RunInputs, "runners">, runners: readonly RunnerReport[]): string[] {
  return runners.flatMap(({ index, pod, totals }) => {
    const { periods = 0, throttledPeriods = 0 } = totals?.cpu ?? {};
    const ratio = periods === 0 ? 0 : throttledPeriods / periods;
    if (ratio <= throttledLimit) {
      return [];
    }
    const name = `runner ${index} of ${wanted}${pod === undefined ? "" : ` (pod ${pod})`}`;
    return [
      `${name} was throttled in ${percent(ratio)} of its CPU periods, above the limit of ${percent(throttledLimit)}: ` +
        "times it measured hold its own waits. Raise resources.cpu, or use more runners.",
    ];
  });
}
