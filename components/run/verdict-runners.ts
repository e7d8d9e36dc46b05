import { exitCodeMeaning } from "./exit-codes";
import type { RunnerReport } from "./types";

/** Exit codes of k6 that say that the target did not hold; all others but 0 say that the run did not. */
const failingCodes: readonly number[] = [99, 108, 110];

/** Kubernetes' reasons that only repeat the exit code. */
const plainReasons = ["Completed", "Error"];

/** Sentences on runners that make a run unbelievable: missing, killed, ended early, or silent on what they did where they should tell it. */
export function runnerFlaws(wanted: number, runners: readonly RunnerReport[], areCounted: boolean): string[] {
  const seen = new Set(runners.map(({ index }) => index));
  const missing = Array.from({ length: wanted }, (_, index) => index).filter((index) => !seen.has(index));
  return gathered([
    ...missing.map((index) => `runner ${index} of ${wanted} is missing: there is no trace of its pod.`),
    ...runners.flatMap((runner) => runnerFlaw(runner, wanted, areCounted)),
  ]);
}

/**
 * Sentences on runners that found all thresholds of the script met and could not tell all of them: a `count<100` that each of several meets may be
 * missed by all together. Of a runner that missed one the exit code counts by itself.
 */
export function leftOutFlaws(wanted: number, runners: readonly RunnerReport[]): string[] {
  const told = wanted < 2 ? [] : runners.filter(({ exitCode }) => exitCode === 0);
  return gathered(
    told.flatMap((runner) => {
      const { thresholdsLeftOut = 0 } = runner.totals ?? {};
      return thresholdsLeftOut === 0
        ? []
        : [
            `${nameOf(runner, wanted)} left out ${thresholdsLeftOut} of its script's thresholds, which did not fit into the 4096 bytes that a runner tells, ` +
              "so they were judged over the samples of one runner alone. Give them to the load test (thresholds).",
          ];
    }),
  );
}

// Enough to see what they have in common.
const mostAlike = 3;

/** Of sentences that differ in names and numbers alone the first few, and how many more there are: of 1000 runners often all have one trouble. */
export function gathered(sentences: readonly string[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const sentence of sentences) {
    const kind = sentence.replace(/[\w.:/-]*\d[\w.:/-]*/g, "#");
    const alike = kinds.get(kind) ?? [];
    alike.push(sentence);
    kinds.set(kind, alike);
  }
  return [...kinds.values()].flatMap((alike) => {
    const more = alike.length - mostAlike;
    // To name one more is as short as to count it.
    return more <= 1 ? alike : [...alike.slice(0, mostAlike), `${more} more runners have the same trouble as the one before.`];
  });
}

/** Sentences on runners that ended by k6's own verdict: their thresholds, `test.abort()` or `test.fail()`. */
export function runnerFailures(wanted: number, runners: readonly RunnerReport[]): string[] {
  const failures = runners.filter(isFailing).map((runner) => {
    const { exitCode = NaN, cause } = runner;
    return cause ?? `${nameOf(runner, wanted)} ended with exit code ${exitCode}: ${exitCodeMeaning(exitCode)}.`;
  });
  return gathered(failures);
}

function isFailing(runner: RunnerReport): boolean {
  return runner.exitCode !== undefined && failingCodes.includes(runner.exitCode) && !isLost(runner);
}

function isLost({ state, reason }: RunnerReport): boolean {
  return state === "lost" || (reason !== undefined && !plainReasons.includes(reason));
}

function runnerFlaw(runner: RunnerReport, wanted: number, areCounted: boolean): string[] {
  const { index, exitCode, reason, cause, state, totals } = runner;
  const name = nameOf(runner, wanted);
  if (index >= wanted) {
    return [`${name} is one too many: indexes go from 0 to ${wanted - 1}.`];
  }
  if (cause !== undefined && !isFailing(runner)) {
    return [cause];
  }
  if (isLost(runner)) {
    const code = exitCode === undefined ? "" : ` (exit code ${exitCode}: ${exitCodeMeaning(exitCode)})`;
    return [`${name} was lost: ${reason ?? "its pod is gone"}${code}. Its load is missing from then on.`];
  }
  if (exitCode === undefined) {
    return [`${name} did not end: it was last seen ${state}.`];
  }
  if (exitCode !== 0 && !isFailing(runner)) {
    return [`${name} ended with exit code ${exitCode}: ${exitCodeMeaning(exitCode)}. Look at the end of its log.`];
  }
  if (areCounted && totals === undefined) {
    return [`${name} ended with exit code ${exitCode} but left no totals, so what it did cannot be compared with the store.`];
  }
  return [];
}

function nameOf({ index, pod }: RunnerReport, wanted: number): string {
  return `runner ${index} of ${wanted}${pod === undefined ? "" : ` (pod ${pod})`}`;
}
