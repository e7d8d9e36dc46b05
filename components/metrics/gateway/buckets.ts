/** Each bucket is this much wider than the one below. */
const ratio = 1.05;

/** What is nearer to zero than this counts as zero: milliseconds for k6's own trends. */
export const smallestBucketed = 0.01;

/** What is above this is counted with it. */
const largestBucketed = 1e9;

/**
 * Largest relative error of a percentile in mode `aggregated`: a sample is told by the middle of its bucket. It holds for values from
 * 0.01 to 1e9, of either sign; below that the absolute error is 0.01 at most.
 */
export const percentileErrorBound = Math.sqrt(ratio) - 1;

/** Tag of a bucket's middle. */
export const bucketTag = "bucket_mid";

/** How a value finds its bucket: number `ceil(log(|value| / smallest) / logRatio)`, from 1 to the number of middles. */
export const bucketing = {
  smallest: smallestBucketed,
  logRatio: Math.log(ratio),
  // A value on the edge between two buckets belongs to the lower one, whatever floating point makes of it.
  tolerance: 1e-6,
  /** The middle of each bucket, as its tag says it. */
  middles: middles(),
};

function middles(): string[] {
  const count = Math.ceil(Math.log(largestBucketed / smallestBucketed) / Math.log(ratio));
  return Array.from({ length: count }, (_, i) => String(Number((smallestBucketed * ratio ** (i + 0.5)).toPrecision(6))));
}
