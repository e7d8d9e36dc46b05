import { setTimeout as sleep } from "node:timers/promises";
import type { GatewayCounters, MetricAccount } from "./accounting";
import type { ComparedWindows } from "./compare/types";
import { readThresholds, type ThresholdSources } from "./judge-thresholds";
import { aggregationSeconds } from "../metrics/gateway/names";
import { Store, type StoreConnection, type StoredCounts } from "./store";
import { readAccounts } from "./store-accounting";
import type { Scope } from "./store-query";
import { readGateway, readOffences } from "./store-gateway";
import { readSeries } from "./store-series";
import { readComparedWindows } from "./store-windows";
import type { RunFigures, RunnerReport, RunSeries, StoreMode, ThresholdResult } from "./types";

/** When and what to read of a run. */
export interface Reading extends ThresholdSources {
  scope: Scope;
  /** The time with load. */
  load: { start: Date; stop: Date };
  /** Of the longest runner, seconds: figures per second are over it. */
  durationSeconds: number;
  /** What the runners say; the store is given a moment to hold as much. */
  expected: StoredCounts;
}

/** What the store says of a run. */
export interface Read {
  figures: RunFigures;
  thresholds: ThresholdResult[];
  /** Absent where no runner tells what it counted. */
  accounts?: MetricAccount[];
  /** Absent where runners write to the store themselves. */
  gateway?: GatewayCounters;
  /** A sentence for each tag of which the gateway held something back. */
  heldBack?: string[];
  /** Absent where reading the charts took too long; nothing is judged by them. */
  series?: RunSeries;
  windows?: ComparedWindows;
}

/**
 * Reads figures, thresholds and charts of a run.
 *
 * @throws when the store does not answer, or refuses
 */
export async function readRun(connection: StoreConnection, reading: Reading): Promise<Read> {
  const { scope, load, durationSeconds, expected, runners = [] } = reading;
  const store = new Store(connection, scope, durationSeconds);
  const counts = await drained(() => store.counts(), expected, drainOf(scope.mode));
  const accounts = await settledAccounts(store, runners, same(counts, expected));
  // Pods live on for some seconds after their load.
  const stop = new Date(Math.min(load.stop.getTime(), load.start.getTime() + durationSeconds * 1000));
  const [figures, gateway, heldBack, thresholds, charts] = await Promise.all([
    store.figures(),
    readGateway(store, scope),
    readOffences(store, scope),
    readThresholds(store, scope, { start: load.start, stop }, reading),
    readCharts(store, scope, load, stop).catch(() => ({})),
  ]);
  return {
    ...{ figures, thresholds, ...charts },
    ...(accounts.length === 0 ? {} : { accounts }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(heldBack.length === 0 ? {} : { heldBack }),
  };
}

async function readCharts(
  store: Store,
  scope: Scope,
  load: Reading["load"],
  stop: Date,
): Promise<Pick<Read, "series" | "windows">> {
  const series = await readSeries(store, scope, load);
  const windows = await readComparedWindows(store, scope, { start: load.start, stop }, series).catch(() => undefined);
  return { series, ...(windows === undefined ? {} : { windows }) };
}

/** The last of a run's other metrics may come a moment after its last requests and iterations; where those lack, all had their time. */
async function settledAccounts(store: Store, runners: readonly RunnerReport[], mayCome: boolean): Promise<MetricAccount[]> {
  if (runners.every(({ totals }) => totals === undefined)) {
    return [];
  }
  const deadline = Date.now() + (mayCome ? drain.unchangedMs : 0);
  for (;;) {
    const accounts = await readAccounts(store, runners);
    if (Date.now() >= deadline || accounts.every(({ counted, stored }) => counted === stored)) {
      return accounts;
    }
    await sleep(drain.stepMs);
  }
}

/** How long samples may be on their way, milliseconds. k6 flushes every second; what has not moved for two will not come. */
const drain = { stepMs: 250, unchangedMs: 2_000, totalMs: 10_000 };

/** Where the gateway adds samples up, the last of them are written with the end of their window, and then nothing moves for as long. */
function drainOf(mode: StoreMode | undefined): typeof drain {
  const windowMs = mode === "aggregated" ? aggregationSeconds * 1000 : 0;
  return { ...drain, unchangedMs: drain.unchangedMs + windowMs };
}

/** Waits until the store holds what is expected, holds still, or has had its time. The store has nothing to watch. */
export async function drained(read: () => Promise<StoredCounts>, expected: StoredCounts, times = drain): Promise<StoredCounts> {
  const deadline = Date.now() + times.totalMs;
  let counts = await read();
  let changedAt = Date.now();
  while (!same(counts, expected) && Date.now() < deadline && Date.now() - changedAt < times.unchangedMs) {
    await sleep(times.stepMs);
    const next = await read();
    if (!same(next, counts)) {
      changedAt = Date.now();
    }
    counts = next;
  }
  return counts;
}

function same(a: StoredCounts, b: StoredCounts): boolean {
  return a.requests === b.requests && a.iterations === b.iterations;
}
