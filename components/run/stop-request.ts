import type { StopNote } from "./record";
import type { RunInputs, RunState } from "./types";

/** Why and how fast a run is to end before its time; the `reason` of the signal that `execute` is given. */
export interface StopRequest {
  /** Who asks and how, to follow "was stopped by". */
  by: string;
  /** Seconds for k6 to end by itself, with `teardown()` and its last samples, before its pods are deleted. */
  graceSeconds: number;
  /** What `abortWhen` saw of the target, where that is why. */
  distress?: string;
}

/** What a stop means for a run: a sentence where it took some of the load away, none where all runners had come to their end. */
export function stopCauses(
  { run }: Pick<RunInputs, "run">,
  { runners }: Pick<RunState, "runners">,
  note: StopNote | undefined,
): string[] {
  return note === undefined || note.distress !== undefined || isWhole(runners)
    ? []
    : [`run ${run} was stopped by ${note.by} at ${note.at}, before its end. Change trigger to run the test again.`];
}

/** What a stop by `abortWhen` says of the target: a sentence; none where all runners had come to their end before they were asked. */
export function distressSentence(
  { run }: Pick<RunInputs, "run">,
  { runners }: Pick<RunState, "runners">,
  note: StopNote | undefined,
): string | undefined {
  return note?.distress === undefined || isWhole(runners)
    ? undefined
    : `run ${run} was stopped at ${note.at}, before its end, as its target was in distress: ${note.distress}.`;
}

function isWhole(runners: RunState["runners"]): boolean {
  return runners.every(({ state }) => state === "succeeded");
}
