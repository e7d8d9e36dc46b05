import { aggregationSeconds } from "../metrics/gateway/names";
import type { ComparedWindows } from "./compare/types";
import type { Store } from "./store";
import { figurePlan, type Scope } from "./store-query";
import { addedUp, points, type Windows } from "./store-series";
import type { Threshold } from "./thresholds";
import type { RunSeries, SeriesPoint } from "./types";

/** The time with load. */
export interface Load {
  start: Date;
  stop: Date;
}

/**
 * The figure of a threshold in each whole window of the load, counted from its start; `null` where there is no sample to make one of. What
 * is left at the end, shorter than a window, is left out.
 */
export async function windowFigures(
  store: Store,
  scope: Scope,
  { start, stop }: Load,
  threshold: Threshold,
): Promise<(number | null)[]> {
  const seconds = threshold.window?.seconds ?? NaN;
  const count = Math.floor((stop.getTime() - start.getTime()) / (seconds * 1000));
  if (!(count >= 1)) {
    return [];
  }
  const during: Scope = { ...scope, start, stop: new Date(start.getTime() + count * seconds * 1000) };
  const windows: Windows = { seconds, startMs: start.getTime(), durationSeconds: count * seconds };
  const { metric, tags } = threshold;
  const { reduction, perSecond, addRunners } = figurePlan(threshold);
  const rows = await store.windows(during, { metric, tags, addRunners }, reduction, seconds);
  const figures = valuesOf(addRunners ? addedUp(rows, windows) : points(rows, windows));
  if (reduction !== "sum") {
    return figures;
  }
  // Of a counter nothing is added in a window without samples, once it is known that there is such a counter.
  return rows.length === 0 ? figures : figures.map((sum) => (sum ?? 0) / (perSecond ? seconds : 1));
}

function valuesOf(series: readonly SeriesPoint[]): (number | null)[] {
  return series.map(([, value]) => value);
}

/** Fewer windows say little of how much they differ by chance. */
const wantedWindows = 60;
/** Shorter ones hold too few requests for a percentile. */
const minWindowSeconds = 0.2;

/** Response times in windows to compare runs by: those of the charts, or shorter ones where a run has too few of them. */
export async function readComparedWindows(
  store: Store,
  scope: Scope,
  load: Load,
  series: RunSeries | undefined,
): Promise<ComparedWindows> {
  const durationSeconds = (load.stop.getTime() - load.start.getTime()) / 1000;
  if (series !== undefined && durationSeconds / series.windowSeconds >= wantedWindows) {
    return { windowSeconds: series.windowSeconds, p50: present(series.p50), p95: present(series.p95) };
  }
  const shortest = scope.mode === "aggregated" ? aggregationSeconds : minWindowSeconds;
  const windowSeconds = Math.max(shortest, durationSeconds / wantedWindows);
  const read = async (quantile: number) => {
    const rows = await store.windows({ ...scope, ...load }, { metric: "http_req_duration" }, { quantile }, windowSeconds);
    return rows.sort((a, b) => a.time - b.time).map(({ value }) => value);
  };
  const [p50, p95] = await Promise.all([read(0.5), read(0.95)]);
  return { windowSeconds, p50, p95 };
}

function present(series: readonly SeriesPoint[]): number[] {
  return valuesOf(series).filter((value) => value !== null);
}
