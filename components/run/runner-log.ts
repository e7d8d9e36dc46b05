import { exceptionIn, inAuthorsWords } from "./script/places";
import type { RunnerReport } from "./types";

/** Adds the end of a runner's log, with places in the author's words, and to its cause the exception that ended it. */
export function withLog(runner: RunnerReport, tail: string[] | undefined, scriptName: string): RunnerReport {
  if (tail === undefined) {
    return runner;
  }
  const { cause, state } = runner;
  const exception = state === "failed" ? exceptionIn(tail, scriptName) : undefined;
  return {
    ...runner,
    ...(cause === undefined || exception === undefined ? {} : { cause: `${cause} ${exception}.` }),
    logTail: tail.map((line) => inAuthorsWords(line, scriptName)),
  };
}
