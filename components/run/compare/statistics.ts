/** What is needed to compare two runs by their windows. Values are logarithms of times, so that differences are relative ones. */

export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Mean without the tenth of the values that is lowest and the tenth that is highest. */
export function trimmedMean(values: readonly number[]): number {
  const cut = Math.floor(values.length / 10);
  return mean([...values].sort((a, b) => a - b).slice(cut, values.length - cut));
}

/** Of a sample, with n - 1. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
}

/** Spread that a few windows far out do not move: 1.4826 times the median distance from the median, as of a normal distribution. */
export function robustDeviation(values: readonly number[]): number {
  const centre = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - centre)));
}

/** How alike neighbours are: autocorrelation at lag 1. */
export function neighbourCorrelation(values: readonly number[]): number {
  const centre = mean(values);
  const deviations = values.map((value) => value - centre);
  const variance = sum(deviations.map((value) => value * value));
  return variance === 0 ? 0 : sum(deviations.slice(1).map((value, i) => value * deviations[i])) / variance;
}

/** How many independent values as many alike neighbours are worth: n (1 - r) / (1 + r), as of a first-order autoregressive series. */
export function effectiveSize(values: readonly number[]): number {
  const r = Math.min(0.95, Math.max(0, neighbourCorrelation(values)));
  return Math.max(2, (values.length * (1 - r)) / (1 + r));
}

/** Median of all differences between the two (Hodges and Lehmann): the shift that the rank test tests. */
export function shift(from: readonly number[], to: readonly number[]): number {
  const differences = new Float64Array(from.length * to.length);
  to.forEach((value, i) => from.forEach((other, j) => (differences[i * from.length + j] = value - other)));
  return median(differences);
}

/**
 * Two-sided p-value of the rank test of Mann and Whitney, by its normal approximation with correction for ties and continuity. `inflation`: by
 * how much the variance is larger than of independent values.
 */
export function rankTest(first: readonly number[], second: readonly number[], inflation = 1): number {
  const [n, m] = [first.length, second.length];
  const { ranks, ties } = ranked([...first, ...second]);
  const u = sum(ranks.slice(0, n)) - (n * (n + 1)) / 2;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance === 0) {
    return 1;
  }
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return twoSided(distance / Math.sqrt(variance * inflation));
}

/** Ranks from 1, equal values sharing theirs, and the sum of t^3 - t over groups of t equal values. */
function ranked(values: readonly number[]): { ranks: number[]; ties: number } {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = values.map(() => 0);
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to].value === order[from].value) {
      to++;
    }
    order.slice(from, to).forEach(({ index }) => (ranks[index] = (from + to + 1) / 2));
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/** Chance of a normal value farther from 0 than `z`, on either side. */
export function twoSided(z: number): number {
  return 2 * upperTail(Math.abs(z));
}

/** Upper tail of the normal distribution; Abramowitz and Stegun 26.2.17, off by less than 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum(series.map((factor, i) => factor * t ** (i + 1)));
}

/** The `z` that is passed on either side with chance `p`. */
export function twoSidedQuantile(p: number): number {
  return quantileOf(twoSided, p);
}

/** The value of Student's distribution that is passed on either side with chance `p`. */
export function studentQuantile(p: number, freedom: number): number {
  return quantileOf((t) => 1 - withinStudent(t, freedom), p);
}

/** Chance of a value between -t and t; Abramowitz and Stegun 26.7.3 and 26.7.4, exact for whole degrees of freedom. */
function withinStudent(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let series = freedom === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= ((k - 1) / k) * Math.cos(angle) ** 2;
    series += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * series) : Math.sin(angle) * series;
}

/** Where a falling function from 0 on comes down to `p`. */
function quantileOf(tails: (value: number) => number, p: number): number {
  let [low, high] = [0, 1e6];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    [low, high] = tails(middle) > p ? [middle, high] : [low, middle];
  }
  return low;
}
