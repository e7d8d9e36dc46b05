import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";

/** Said when what is waited for cannot come any more. */
export class LabGone extends Error {
  constructor() {
    super("the lab's first process ended while it was waited for");
    this.name = "LabGone";
  }
}

// How often is asked what no watch tells.
const askEveryMs = 100;
const lookEveryMs = 500;

/** Asks again and again until it is so. @throws what the signal was aborted with */
export async function until(isSo: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isSo())) {
    await sleep(askEveryMs);
    signal.throwIfAborted();
  }
}

/** Does work again until it succeeds, for what fails while a server is not quite there. @throws what the signal was aborted with, and why */
export async function persistently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let last = "";
  const onFailedAttempt = ({ message }: Error): void => {
    last = message;
  };
  try {
    return await pRetry(work, { forever: true, factor: 1, minTimeout: askEveryMs, signal, onFailedAttempt });
  } catch (error) {
    throw error instanceof LabGone || last === "" ? error : new Error(`${(error as Error).message}: ${last}`, { cause: error });
  }
}

/**
 * Does work that is given up with `LabGone` when `isAlive` says no, and with an error that `found` completes when it takes too long.
 * The work must heed the signal.
 */
export async function withPatience<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { isAlive, timeoutMs, found }: { isAlive: () => Promise<boolean>; timeoutMs: number; found: () => string },
): Promise<T> {
  const controller = new AbortController();
  const deadline = Date.now() + timeoutMs;
  const timer = setInterval(() => {
    if (Date.now() > deadline) {
      controller.abort(new Error(`not so after ${timeoutMs / 1000} s${found()}`));
    } else {
      void isAlive().then((alive) => alive || controller.abort(new LabGone()));
    }
  }, lookEveryMs);
  try {
    return await work(controller.signal);
  } finally {
    clearInterval(timer);
  }
}
