import { exceptionIn, inAuthorsWords, messageOf } from "./script/places";
import type { RunnerReport } from "./types";

/** Adds the end of a runner's log, with places in the author's words, and to its cause what k6 said last of why it ended. */
export function withLog(runner: RunnerReport, tail: string[] | undefined, scriptName: string): RunnerReport {
  if (tail === undefined) {
    return runner;
  }
  const { cause, state } = runner;
  // One that was killed from outside (no code of k6) said nothing about it.
  const said = state === "failed" && wasEndedByK6(runner) ? lastWords(tail, scriptName) : undefined;
  return {
    ...runner,
    ...(cause === undefined || said === undefined ? {} : { cause: `${cause} k6 said: ${said}.` }),
    logTail: tail.map((line) => inAuthorsWords(line, scriptName)),
  };
}

// Codes of k6 that stand for something it has met itself: see exit-codes.ts. 103 and 105 are the ends that others give it.
function wasEndedByK6({ exitCode = 0 }: RunnerReport): boolean {
  return exitCode === 255 || (exitCode >= 99 && exitCode <= 110 && exitCode !== 103 && exitCode !== 105);
}

/** The exception in a log of k6, or else its last error. */
export function lastWords(log: readonly string[], scriptName: string): string | undefined {
  const error = log
    .filter((line) => /\blevel=error\b/.test(line))
    .flatMap((line) => messageOf(line) ?? [])
    // Said after why it was.
    .filter((message) => message !== "test run was marked as failed")
    .at(-1);
  return exceptionIn(log, scriptName) ?? (error === undefined ? undefined : inWords(error, scriptName));
}

/** Without what k6 puts before the point: which file of the harness it was reading. */
function inWords(message: string, scriptName: string): string {
  const point = message.replace(/^could not initialize '[^']*': (could not load JS test '[^']*': )?/, "");
  return inAuthorsWords(point, scriptName).replace(/ at \S+ \(([^()]+)\)$/, " at $1");
}
