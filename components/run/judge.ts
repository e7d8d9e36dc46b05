import { readFileSync } from "node:fs";
import { Cluster } from "../kube/cluster";
import { openTunnel } from "../kube/tunnel";
import { readRun, type Read, type Reading } from "./judge-store";
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

/**
 * Judges a run that has come to its end: reads its samples from the store, compares them with what the runners say, and decides.
 *
 * A store that cannot be read makes the run `invalid`; it throws nothing.
 */
export async function judge(inputs: RunInputs, state: RunState): Promise<{ result: RunResult; series?: RunSeries }> {
  const read = await readEvidence(inputs, state);
  const { verdict, reasons } = decide(inputs, state, read);
  const result: RunResult = {
    schema: 1,
    run: inputs.run,
    test: inputs.test,
    namespace: inputs.namespace,
    engine: inputs.engine,
    verdict,
    reasons,
    startedAt: state.startedAt ?? null,
    finishedAt: state.finishedAt ?? null,
    startSkewMs: state.startSkewMs ?? null,
    runners: state.runners,
    thresholds: "problem" in read ? [] : read.thresholds,
    figures: "problem" in read ? noFigures : read.figures,
    script: { name: inputs.scriptName, digest: inputs.scriptDigest },
    image: inputs.image,
    versions: { "pulumi-k6": ownVersion() },
    trigger: inputs.trigger,
  };
  return "series" in read ? { result, series: read.series } : { result };
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

async function withStoreUrl<T>({ kubeconfig, context, store }: RunInputs, use: (url: string) => Promise<T>): Promise<T> {
  if (store.service === undefined) {
    if (store.url === undefined) {
      throw new Error("neither store.service nor store.url is set");
    }
    return use(store.url);
  }
  const tunnel = await openTunnel(Cluster.connect({ kubeconfig, context }), store.service);
  try {
    return await use(tunnel.url);
  } finally {
    await tunnel.close();
  }
}

// Samples of setup() come before the load, and clocks of nodes differ: the runners' whole life and a margin, milliseconds.
const margin = { before: 5_000, after: 60_000 };

/** What to read for a run; `undefined` where it never started. */
export function readingOf(
  inputs: Pick<RunInputs, "run" | "store" | "thresholds" | "script">,
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
    },
    load: { start, stop },
    durationSeconds: (longestMs > 0 ? longestMs : stop.getTime() - start.getTime()) / 1000,
    expected: { requests: sum("requests"), iterations: sum("iterations") },
    thresholds: inputs.thresholds,
  };
}

function times(own: (string | undefined)[], runners: readonly RunnerReport[], which: "startedAt" | "finishedAt"): number[] {
  return [...own, ...runners.map((runner) => runner[which])].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(require.resolve("pulumi-k6/package.json"), "utf8")) as { version: string };
  return version;
}
