import assert from "node:assert/strict";
import fc from "fast-check";
import { maxRunners } from "../../../components/kube/names";
import { segmentSequence } from "../../../components/run/segments";

const fraction = (text: string) => {
  const [numerator, denominator = 1n] = text.split("/").map(BigInt);
  return { numerator, denominator };
};

describe("the segment sequence", () => {
  it("is written in fractions from 0 to 1", () => {
    assert.equal(segmentSequence(1), "0,1");
    assert.equal(segmentSequence(3), "0,1/3,2/3,1");
  });

  it("cuts the whole into equal pieces, exactly, for any number of runners", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: maxRunners }), (runners) => {
        const bounds = segmentSequence(runners).split(",").map(fraction);
        assert.equal(bounds.length, runners + 1);
        // Bound i equals i/runners: cross-multiplied, no rounding anywhere.
        return bounds.every(({ numerator, denominator }, i) => numerator * BigInt(runners) === BigInt(i) * denominator);
      }),
    );
  });
});
