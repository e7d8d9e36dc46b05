import { readFileSync } from "node:fs";
import { comparedWithBaselines } from "./compare/baselines";
import { likenessOf } from "./compare/likeness";
import type { ComparedWindows } from "./compare/types";
import { readRun, type Read, type Reading } from "./judge-store";
import { withStoreUrl } from "./store-access";
import type { RunFigures, RunInputs, RunnerReport, RunResult, RunSeries, RunState } from "./types";
import { decide, hasTotals } from "./verdict";

/** Figures of a run of which nothing could be read. */
export const noFigures: RunFigures = {
  requests: 0,
  iterations: 0,
  errorRate: null,
  requestsPerSecond: null,
  p50: null,
  p95: null,
  p99: null,
  max: null,
};

/** A run's result with what is drawn of it and compared: what the files beside a report hold. */
export interface Judged {
  result: RunResult;
  series?: RunSeries;
  windows?: ComparedWindows;
}

/**
 * Judges a run that has come to its end: reads its samples from the store, compares them with what the runners say, and decides.
 *
 * A store that cannot be read makes the run `invalid`; it throws nothing.
 */
export async function judge(inputs: RunInputs, state: RunState): Promise<Judged> {
  const read = await readEvidence(inputs, state);
  const { series, windows } = "problem" in read ? {} : read;
  const { compare, reportFolder } = inputs;
  const result = { ...resultOf(inputs, state, read), ...decide(inputs, state, read) };
  if (compare !== undefined) {
    const candidate = { result, ...(windows === undefined ? {} : { windows }) };
    const comparison = await comparedWithBaselines(candidate, compare, reportFolder);
    Object.assign(result, { comparison }, decide(inputs, state, read, comparison));
  }
  return { result, ...(series === undefined ? {} : { series }), ...(windows === undefined ? {} : { windows }) };
}

function resultOf(inputs: RunInputs, state: RunState, read: Read | { problem: string }): Omit<RunResult, "verdict" | "reasons"> {
  const { run, test, namespace, engine, image, trigger, scriptName, scriptDigest } = inputs;
  const known = "problem" in read ? { thresholds: [], figures: noFigures } : read;
  const { accounts, gateway }: Partial<Read> = known;
  return {
    schema: 1,
    ...{ run, test, namespace, engine },
    startedAt: state.startedAt ?? null,
    finishedAt: state.finishedAt ?? null,
    startSkewMs: state.startSkewMs ?? null,
    runners: state.runners,
    thresholds: known.thresholds,
    figures: known.figures,
    ...(accounts === undefined ? {} : { accounts }),
    ...(gateway === undefined ? {} : { gateway }),
    likeness: likenessOf(inputs),
    script: { name: scriptName, digest: scriptDigest },
    image,
    versions: { "pulumi-k6": ownVersion() },
    trigger,
  };
}

async function readEvidence(inputs: RunInputs, state: RunState): Promise<Read | { problem: string }> {
  const reading = readingOf(inputs, state);
  if (reading === undefined) {
    return { problem: `run ${inputs.run} never started: no load was made, so there is nothing to judge.` };
  }
  try {
    return await withStoreUrl(inputs, (url) => readRun({ url, org: inputs.store.org, token: inputs.readToken }, reading));
  } catch (error) {
    const { service, url, bucket } = inputs.store;
    const where =
      service === undefined ? (url ?? "without an address") : `${service.namespace}/${service.service}:${service.port}`;
    const why = error instanceof Error ? error.message : String(error);
    return {
      problem: `the store ${where} could not be read (bucket ${bucket}): ${why}. Without it nothing can be judged; mend it and run again.`,
    };
  }
}

// Samples of setup() come before the load, and clocks of nodes differ: the runners' whole life and a margin, milliseconds.
const margin = { before: 5_000, after: 60_000 };

/** What to read for a run; `undefined` where it never started. */
export function readingOf(
  inputs: Pick<RunInputs, "run" | "store" | "thresholds" | "queries" | "script">,
  state: RunState,
): Reading | undefined {
  if (state.startedAt === undefined) {
    return undefined;
  }
  const start = new Date(state.startedAt);
  const stop = new Date(Math.max(...times([state.finishedAt], state.runners, "finishedAt"), start.getTime() + 1));
  const first = Math.min(...times([state.startedAt], state.runners, "startedAt"));
  const totals = state.runners.flatMap((runner) => (runner.totals === undefined ? [] : [runner.totals]));
  // Of runners that tell nothing no count is the expected one: what the store holds is read once it holds still.
  const sum = (what: "requests" | "iterations") => (hasTotals(inputs) ? totals.reduce((all, one) => all + one[what], 0) : NaN);
  const longestMs = Math.max(0, ...totals.map(({ durationMs }) => durationMs));
  return {
    scope: {
      bucket: inputs.store.bucket,
      testid: inputs.run,
      start: new Date(first - margin.before),
      stop: new Date(stop.getTime() + margin.after),
      ...(inputs.store.mode === undefined ? {} : { mode: inputs.store.mode, runners: state.runners.length }),
    },
    load: { start, stop },
    durationSeconds: (longestMs > 0 ? longestMs : stop.getTime() - start.getTime()) / 1000,
    expected: { requests: sum("requests"), iterations: sum("iterations") },
    thresholds: inputs.thresholds,
    ...(inputs.queries === undefined ? {} : { queries: inputs.queries }),
    ...(hasTotals(inputs) ? { runners: state.runners } : {}),
  };
}

function times(own: (string | undefined)[], runners: readonly RunnerReport[], which: "startedAt" | "finishedAt"): number[] {
  return [...own, ...runners.map((runner) => runner[which])].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(require.resolve("pulumi-k6/package.json"), "utf8")) as { version: string };
  return version;
}
