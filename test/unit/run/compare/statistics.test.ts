import assert from "node:assert/strict";
import fc from "fast-check";
import * as statistics from "../../../../components/run/compare/statistics";

const near = (actual: number, wanted: number, tolerance = 1e-4) =>
  assert.ok(Math.abs(actual - wanted) <= tolerance, `${actual} is not ${wanted}`);

describe("the statistics of a comparison", () => {
  // Values of R 4: wilcox.test(x, y, exact = FALSE), qt(), qnorm(); printed tables give the same.
  it("tests ranks as others do", () => {
    near(statistics.rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 0.01219);
    near(statistics.rankTest([1, 3, 5, 7, 9], [2, 4, 6, 8, 10]), 0.6761, 1e-3);
  });
  it("has the quantiles of the normal distribution and of Student's", () => {
    near(statistics.twoSidedQuantile(0.05), 1.95996);
    near(statistics.twoSidedQuantile(0.01), 2.57583);
    const table: [number, number, number][] = [
      [0.05, 1, 12.7062],
      [0.05, 2, 4.3027],
      [0.01, 3, 5.8409],
      [0.01, 4, 4.6041],
      [0.01, 9, 3.2498],
      [0.05, 30, 2.0423],
    ];
    table.forEach(([p, freedom, wanted]) => near(statistics.studentQuantile(p, freedom), wanted));
  });
  it("sees no difference between equal values", () => assert.equal(statistics.rankTest([3, 3, 3], [3, 3, 3]), 1));
  it("gives the same whichever comes first", () =>
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 3 }), fc.array(fc.nat(20), { minLength: 3 }), (a, b) =>
        near(statistics.rankTest(a, b), statistics.rankTest(b, a), 1e-12),
      ),
    ));
  it("finds the shift that was made", () =>
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.nat(500), (values, by) =>
        near(
          statistics.shift(
            values,
            values.map((value) => value + by),
          ),
          by,
          1e-9,
        ),
      ),
    ));
  it("counts alike neighbours for less, and others in full", () => {
    const slow = Array.from({ length: 100 }, (_, i) => Math.sin(i / 15));
    assert.ok(statistics.effectiveSize(slow) < 10, String(statistics.effectiveSize(slow)));
    const turning = Array.from({ length: 100 }, (_, i) => i % 2);
    assert.equal(statistics.effectiveSize(turning), 100);
  });
  it("is not moved by a few windows far out", () => {
    const values = [9, 10, 11, 10, 9, 11, 10, 10, 9, 11];
    assert.ok(statistics.robustDeviation([...values, 1000]) < 2);
  });
});
