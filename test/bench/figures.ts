/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

/** One start: milliseconds from the first request to the API server on. */
export interface Start {
  /** To the first and the last runner's first iteration. */
  firstMs: number;
  lastMs: number;
  /** Between the two, by the script's own clock. */
  spreadMs: number;
  /** As the barrier bounds it; a Job without one has none. */
  skewMs?: number;
}

/** Two starts one right after the other, so that both met the same machine. */
export interface Pair {
  ours: Start;
  bare: Start;
}

/** A line of the results of one size. */
export function summary(runners: number, pairs: readonly Pair[]): Record<string, number | string> {
  const of = (value: (pair: Pair) => number) => Math.round(median(pairs.map(value)));
  return {
    runners,
    pairs: pairs.length,
    "bare, last": of(({ bare }) => bare.lastMs),
    "ours, last": of(({ ours }) => ours.lastMs),
    "ratio of medians": (of(({ ours }) => ours.lastMs) / of(({ bare }) => bare.lastMs)).toFixed(2),
    "median of ratios": median(pairs.map(({ ours, bare }) => ours.lastMs / bare.lastMs)).toFixed(2),
    "bare, spread": of(({ bare }) => bare.spreadMs),
    "ours, spread": of(({ ours }) => ours.spreadMs),
    "ours, skew": of(({ ours }) => ours.skewMs ?? NaN),
    "skew at most": Math.max(...pairs.map(({ ours }) => ours.skewMs ?? NaN)),
  };
}
