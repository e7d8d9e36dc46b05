import { aggregationSeconds } from "../metrics/gateway/names";
import type { Store } from "./store";
import type { Reduction, Scope } from "./store-query";
import type { StoredRow } from "./store-reader";
import type { RunSeries, SeriesPoint, StoreMode } from "./types";

/** Window lengths that people read easily on an axis, seconds. */
const windowLengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** More points than this do not fit a chart's width, and each costs a percentile. */
const maxWindows = 240;

/**
 * The window length for charts of a run: one second for short runs, five where the gateway adds samples up, never more than 240 windows, up
 * to ten days.
 */
export function chartWindow(durationSeconds: number, mode?: StoreMode): number {
  const shortest = mode === "aggregated" ? aggregationSeconds : 0;
  const usual = windowLengths.find((length) => length >= shortest && durationSeconds / length <= maxWindows);
  return usual ?? Math.ceil(durationSeconds / maxWindows);
}

/** Reads what the report draws. `load` is the time with load, from which the windows count. */
export async function readSeries(store: Store, scope: Scope, load: { start: Date; stop: Date }): Promise<RunSeries> {
  const windowSeconds = chartWindow((load.stop.getTime() - load.start.getTime()) / 1000, scope.mode);
  const { start, stop } = scope.mode === "aggregated" ? wholeWindows(load, windowSeconds) : load;
  const durationSeconds = (stop.getTime() - start.getTime()) / 1000;
  const during: Scope = { ...scope, start, stop };
  const read = (metric: string, reduction: Reduction) => store.windows(during, { metric }, reduction, windowSeconds);
  const [requests, errors, p50, p95, p99, vus] = await Promise.all([
    read("http_reqs", "sum"),
    read("http_req_failed", "mean"),
    read("http_req_duration", { quantile: 0.5 }),
    read("http_req_duration", { quantile: 0.95 }),
    read("http_req_duration", { quantile: 0.99 }),
    store.windows(during, { metric: "vus", addRunners: true }, "last", windowSeconds),
  ]);
  const windows: Windows = { seconds: windowSeconds, startMs: start.getTime(), durationSeconds };
  return withoutIdleEnd({
    windowSeconds,
    requestsPerSecond: ratePoints(requests, windows),
    errorRate: points(errors, windows),
    p50: points(p50, windows),
    p95: points(p95, windows),
    p99: points(p99, windows),
    activeVus: addedUp(vus, windows),
  });
}

/** The windows of the clock that a load touches: the gateway adds up by them. */
function wholeWindows({ start, stop }: { start: Date; stop: Date }, seconds: number): { start: Date; stop: Date } {
  const length = seconds * 1000;
  const edge = (time: Date, round: (value: number) => number) => new Date(round(time.getTime() / length) * length);
  return { start: edge(start, Math.floor), stop: edge(stop, Math.ceil) };
}

/** Drops the windows after the last request and the last active VU: pods end some seconds after their load. */
export function withoutIdleEnd({ windowSeconds, ...charts }: RunSeries): RunSeries {
  const isActive = (i: number) => (charts.requestsPerSecond[i]?.[1] ?? 0) > 0 || (charts.activeVus[i]?.[1] ?? 0) > 0;
  const last = charts.requestsPerSecond.findLastIndex((_, i) => isActive(i));
  const kept = Object.entries(charts).map(([name, points]) => [name, points.slice(0, last + 1)]);
  return { windowSeconds, ...(Object.fromEntries(kept) as typeof charts) };
}

/** The windows of a chart. */
export interface Windows {
  seconds: number;
  startMs: number;
  durationSeconds: number;
}

/** A point per window, `null` where nothing was measured. */
export function points(rows: readonly Pick<StoredRow, "time" | "value">[], windows: Windows): SeriesPoint[] {
  const values = new Map(rows.map(({ time, value }) => [windowOf(time, windows), value]));
  return starts(windows).map((start, i) => [start, values.get(i) ?? null]);
}

/** Sums per window as rates per second; a window without a row is a true zero. The last window counts for the time that it has. */
export function ratePoints(rows: readonly Pick<StoredRow, "time" | "value">[], windows: Windows): SeriesPoint[] {
  const { seconds, durationSeconds } = windows;
  return points(rows, windows).map(([start, sum]) => [start, (sum ?? 0) / Math.min(seconds, durationSeconds - start)]);
}

/**
 * Adds up the last value of each runner per window. A runner reports once a second, not on the second: where a window between its first and its
 * last has none, the one before holds.
 */
export function addedUp(rows: readonly Pick<StoredRow, "time" | "value" | "instance">[], windows: Windows): SeriesPoint[] {
  const byRunner = new Map<string, Map<number, number>>();
  for (const { instance, time, value } of rows) {
    const values = byRunner.get(instance) ?? new Map<number, number>();
    byRunner.set(instance, values.set(windowOf(time, windows), value));
  }
  const sums = starts(windows).map((): number | null => null);
  for (const values of byRunner.values()) {
    const last = Math.max(...values.keys());
    let held: number | undefined;
    for (let i = 0; i < sums.length && i <= last; i++) {
      held = values.get(i) ?? held;
      sums[i] = held === undefined ? (sums[i] ?? null) : (sums[i] ?? 0) + held;
    }
  }
  return starts(windows).map((start, i) => [start, sums[i] ?? null]);
}

function windowOf(time: number, { seconds, startMs }: Windows): number {
  return Math.round((time - startMs) / (seconds * 1000));
}

/** Starts of the windows, seconds; a stub shorter than half a window says too little to be drawn. */
function starts({ seconds, durationSeconds }: Windows): number[] {
  const count = Math.max(1, Math.round(durationSeconds / seconds));
  return Array.from({ length: count }, (_, i) => i * seconds);
}
