import { setTimeout as sleep } from "node:timers/promises";
import { abortThresholds, Distress, type CompleteAbortRule } from "./abort";
import type { Threshold } from "./thresholds";

/** What the watch over a run needs. */
export interface AbortWatch {
  rule: CompleteAbortRule;
  startedAt: Date;
  /** The figure of each threshold in the time from `start` to `stop`, `null` where there is no sample. */
  read: (thresholds: readonly Threshold[], start: Date, stop: Date) => Promise<(number | null)[]>;
  /** How long samples are on their way to the store at most, milliseconds. A window is looked at when it is that old. */
  lagMs: number;
  /** Ends the watch. */
  signal: AbortSignal;
}

/**
 * Looks at one window of a run after the other, until the rule says to stop.
 *
 * A store that cannot be read stops no run: the window is left out.
 *
 * @returns why to stop the run; `undefined` where the watch was ended before
 */
export async function watchDistress({ rule, startedAt, read, lagMs, signal }: AbortWatch): Promise<string | undefined> {
  const thresholds = abortThresholds(rule);
  const distress = new Distress(rule, thresholds);
  const lengthMs = rule.windowSeconds * 1000;
  for (let begin = startedAt.getTime(); ; begin += lengthMs) {
    const end = begin + lengthMs;
    if (!(await slept(end + lagMs - Date.now(), signal))) {
      return undefined;
    }
    const figures = await read(thresholds, new Date(begin), new Date(end)).catch(() => thresholds.map(() => null));
    const reason = distress.next(figures);
    if (reason !== undefined) {
      return reason;
    }
  }
}

/** Whether the time passed before the signal came. */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(Math.max(0, ms), undefined, { signal, ref: false }).catch(() => undefined);
  return !signal.aborted;
}
