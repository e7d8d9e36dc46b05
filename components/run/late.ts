import { graceSeconds } from "./engines/pod-parts";
import { isOver } from "./observe";
import type { RunInputs, RunnerReport } from "./types";

// Beyond the barrier's own deadline: it stops the runners and says why within this time.
const barrierGraceSeconds = 15;

/** How far a run has come by the clock of whoever follows it. */
export interface Clock {
  /** Whether the barrier found all runners ready, or gave up. */
  isAtBarrier: boolean;
  elapsedSeconds: number;
}

/** Says what has not come in time; `undefined` while there is time. */
export function lateCauses(
  { run, startDeadlineSeconds, deadlineSeconds }: Pick<RunInputs, "run" | "startDeadlineSeconds" | "deadlineSeconds">,
  runners: readonly RunnerReport[],
  { isAtBarrier, elapsedSeconds }: Clock,
): string[] | undefined {
  // With runner 0 up the barrier is at work, and knows more.
  const graceForBarrier = runners[0].startedAt === undefined ? 0 : barrierGraceSeconds;
  if (!isAtBarrier && elapsedSeconds > startDeadlineSeconds + graceForBarrier) {
    const up = runners.filter(({ state }) => state !== "pending").length;
    return [
      `run ${run} did not start within ${startDeadlineSeconds} s: ${up} of ${runners.length} runners were up. All were stopped.`,
    ];
  }
  if (elapsedSeconds > startDeadlineSeconds + deadlineSeconds + 2 * graceSeconds) {
    const left = runners
      .filter((runner) => !isOver(runner))
      .map(({ index, node }) => `${index}${node === undefined ? "" : ` on node ${node}`}`);
    return [
      `run ${run} was stopped: runners did not end ${2 * graceSeconds} s after their deadline of ${deadlineSeconds} s: ${left.join(", ")}.`,
    ];
  }
  return undefined;
}
