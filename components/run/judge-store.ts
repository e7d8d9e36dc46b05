import { setTimeout as sleep } from "node:timers/promises";
import { Store, type StoreConnection, type StoredCounts } from "./store";
import type { Scope } from "./store-query";
import { readSeries } from "./store-series";
import { parseThresholds } from "./thresholds";
import { evaluate } from "./thresholds-evaluate";
import type { RunFigures, RunSeries, ThresholdMap, ThresholdResult } from "./types";

/** When and what to read of a run. */
export interface Reading {
  scope: Scope;
  /** The time with load. */
  load: { start: Date; stop: Date };
  /** Of the longest runner, seconds: figures per second are over it. */
  durationSeconds: number;
  /** What the runners say; the store is given a moment to hold as much. */
  expected: StoredCounts;
  thresholds: ThresholdMap;
}

/** What the store says of a run. */
export interface Read {
  figures: RunFigures;
  thresholds: ThresholdResult[];
  /** Absent where reading the charts took too long; nothing is judged by them. */
  series?: RunSeries;
}

/**
 * Reads figures, thresholds and charts of a run.
 *
 * @throws when the store does not answer, or refuses
 */
export async function readRun(connection: StoreConnection, reading: Reading): Promise<Read> {
  const { scope, load, durationSeconds, expected } = reading;
  const thresholds = parseThresholds(reading.thresholds);
  const store = new Store(connection, scope, durationSeconds);
  await drained(() => store.counts(), expected);
  const [figures, actuals, series] = await Promise.all([
    store.figures(),
    Promise.all(thresholds.map((threshold) => store.figureOf(threshold))),
    readSeries(store, scope, load).catch(() => undefined),
  ]);
  return {
    figures,
    thresholds: thresholds.map((threshold, i) => evaluate(threshold, actuals[i])),
    ...(series === undefined ? {} : { series }),
  };
}

/** How long samples may be on their way, milliseconds. k6 flushes every second; what has not moved for two will not come. */
const drain = { stepMs: 250, unchangedMs: 2_000, totalMs: 10_000 };

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
