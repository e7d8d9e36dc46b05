import type { StoreMode } from "../../run/types";
import { aggregationSeconds } from "./names";

/** The most that is expected of all runs together. */
export interface ExpectedLoad {
  /** At a time, over all runners. @default 500 */
  requestsPerSecond?: number;
  /** Of one run. @default 1000000 */
  requests?: number;
}

// Above this, charts of raw samples take long to read: 17 s for the percentiles of 5 million (docs/metrics.md).
const rawUpTo = { requestsPerSecond: 2_000, requests: 1_000_000 };

// k6 sends 14 of a plain iteration with one request, 18 of one with a check and four metrics of its own (measured).
const pointsPerRequest = 18;
// Of a Telegraf that holds 420,000: 394 MiB above its rest (measured), rounded up.
const bytesPerPoint = 1024;
// Telegraf at rest takes 30 MiB, at full load 90 (measured).
const baseMi = 128;
// What is on its way when the store goes away, and the time to notice that it is back.
const marginSeconds = 5;
// A point takes 8 us of CPU in mode `raw` and 13 in mode `aggregated` (measured, on a busy machine).
const millicoresPerRequest = (pointsPerRequest * 13) / 1000;

/** How samples are stored where nobody says it. */
export function modeFor({ requestsPerSecond = 500, requests = 1_000_000 }: ExpectedLoad): StoreMode {
  return requestsPerSecond <= rawUpTo.requestsPerSecond && requests <= rawUpTo.requests ? "raw" : "aggregated";
}

/**
 * How many points a replica must hold for the store to be away for a time. Each replica must hold all of them: a runner keeps its
 * connection, so that all may be at the same one.
 */
export function bufferedPoints(of: {
  mode: StoreMode;
  expectedLoad: ExpectedLoad;
  storeOutageSeconds: number;
  seriesPerRun: number;
}): number {
  const { mode, expectedLoad, storeOutageSeconds, seriesPerRun } = of;
  const seconds = storeOutageSeconds + marginSeconds;
  const perSecond =
    mode === "raw" ? (expectedLoad.requestsPerSecond ?? 500) * pointsPerRequest : seriesPerRun / aggregationSeconds;
  // Never less than two batches.
  return Math.max(10_000, Math.ceil(perSecond * seconds));
}

/** Memory of a replica that holds so many points, MiB. */
export function memoryMi(points: number): number {
  const step = 32;
  return Math.ceil((baseMi + (points * bytesPerPoint) / 2 ** 20) / step) * step;
}

/** CPU of a replica that takes the whole load, thousandths of a core. */
export function cpuMillicores({ requestsPerSecond = 500 }: ExpectedLoad): number {
  const step = 50;
  return Math.max(100, Math.ceil((requestsPerSecond * millicoresPerRequest) / step) * step);
}
