/** How many samples are in a bucket, told by its middle. */
export interface Bucket {
  middle: number;
  count: number;
}

/**
 * A percentile of samples of which only the buckets are known: by linear interpolation between the two nearest samples, as k6 does, each of
 * them taken for the middle of its bucket. So its error is that of the buckets, also where they are sparse; interpolating over the width of
 * buckets, as Flux's `histogramQuantile` does, is off by half and more then.
 *
 * @param quantile from 0 to 1
 * @returns `undefined` where there is no sample
 */
export function bucketPercentile(buckets: readonly Bucket[], quantile: number): number | undefined {
  const sorted = buckets.filter(({ count }) => count > 0).sort((a, b) => a.middle - b.middle);
  const samples = sorted.reduce((sum, { count }) => sum + count, 0);
  if (samples === 0) {
    return undefined;
  }
  const rank = quantile * (samples - 1);
  const [below, above] = [Math.floor(rank), Math.ceil(rank)].map((index) => sampleAt(sorted, index));
  return below + (above - below) * (rank - Math.floor(rank));
}

/** The sample at an index, counted from the smallest. */
function sampleAt(sorted: readonly Bucket[], index: number): number {
  let before = 0;
  for (const { middle, count } of sorted) {
    before += count;
    if (index < before) {
      return middle;
    }
  }
  return sorted[sorted.length - 1].middle;
}
