import assert from "node:assert/strict";
import fc from "fast-check";
import { bucketing, percentileErrorBound } from "../../../../components/metrics/gateway/buckets";
import { bucketPercentile } from "../../../../components/run/store-percentile";

/** As the gateway's program does. */
function middleOf(value: number): number {
  const { smallest, logRatio, tolerance, middles } = bucketing;
  const size = Math.abs(value);
  if (size <= smallest) {
    return 0;
  }
  const i = Math.ceil(Math.log(size / smallest) / logRatio - tolerance);
  return Math.sign(value) * Number(middles[Math.max(0, Math.min(i, middles.length) - 1)]);
}

const bound = percentileErrorBound + 1e-5;

describe("buckets of latencies", () => {
  it("tell a value within the stated bound, of either sign", () => {
    assert.ok(percentileErrorBound < 0.025);
    const sizes = fc.double({ min: 0.0100001, max: 9e8, noNaN: true });
    fc.assert(
      fc.property(sizes, fc.boolean(), (size, isNegative) => {
        const value = isNegative ? -size : size;
        assert.ok(Math.abs(middleOf(value) - value) <= size * bound, `${middleOf(value)} for ${value}`);
      }),
    );
  });

  it("tell what is next to nothing as nothing", () => assert.deepEqual([0, 0.01, -0.009].map(middleOf).map(Math.abs), [0, 0, 0]));

  it("have middles that grow and that plain numbers can write", () => {
    const middles = bucketing.middles.map(Number);
    middles.slice(1).forEach((middle, i) => assert.ok(middle > middles[i]));
    bucketing.middles.forEach((middle) => assert.match(middle, /^\d+(\.\d+)?$/));
  });
});

describe("a percentile of buckets", () => {
  /** By linear interpolation between samples, as k6 does. */
  const exact = (values: number[], quantile: number) => {
    const sorted = [...values].sort((a, b) => a - b);
    const rank = quantile * (sorted.length - 1);
    const below = sorted[Math.floor(rank)];
    return below + (sorted[Math.ceil(rank)] - below) * (rank - Math.floor(rank));
  };
  const bucketsOf = (values: number[]) => {
    const counts = new Map<number, number>();
    values.forEach((value) => counts.set(middleOf(value), (counts.get(middleOf(value)) ?? 0) + 1));
    return [...counts].map(([middle, count]) => ({ middle, count }));
  };

  it("is within the bound of the exact one, however sparse the samples are", () => {
    const samples = fc.array(fc.double({ min: 0.02, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
        const [truth, found] = [exact(values, quantile), bucketPercentile(bucketsOf(values), quantile) ?? NaN];
        assert.ok(Math.abs(found - truth) <= truth * bound, `${found} for ${truth}`);
      }),
    );
  });

  it("is not pulled to one of two humps by the empty space between them", () => {
    const values = [...Array<number>(96).fill(2), ...Array<number>(4).fill(900)];
    assert.ok((bucketPercentile(bucketsOf(values), 0.97) ?? 0) > 870);
    assert.ok((bucketPercentile(bucketsOf(values), 0.9) ?? 9) < 2.1);
  });

  it("of nothing is nothing", () => {
    assert.equal(bucketPercentile([], 0.5), undefined);
    assert.equal(bucketPercentile([{ middle: 1, count: 0 }], 0.5), undefined);
  });
});
