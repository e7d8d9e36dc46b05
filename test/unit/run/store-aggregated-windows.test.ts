import assert from "node:assert/strict";
import { firstWindow, fitsSteps, wholeSteps } from "../../../components/run/store-aggregated-windows";

describe("windows behind an aggregating gateway", () => {
  const at = (seconds: number) => new Date(seconds * 1000);

  for (const [start, first] of [
    [7, 10],
    [8.5, 10],
    [8.6, 15],
    [10, 15],
  ]) {
    it(`begin at ${first} s where the load starts at ${start} s`, () =>
      assert.deepEqual(firstWindow(at(start ?? 0), "aggregated"), at(first ?? 0)));
  }

  it("begin with the load where each sample is stored", () => assert.deepEqual(firstWindow(at(7), "raw"), at(7)));

  it("hold whole steps of the gateway", () => {
    assert.deepEqual(
      [1, 5, 7, 10].map((seconds) => [fitsSteps(seconds, "aggregated"), wholeSteps(seconds, "aggregated")]),
      [
        [false, 5],
        [true, 5],
        [false, 10],
        [true, 10],
      ],
    );
    assert.deepEqual([fitsSteps(1, undefined), wholeSteps(1, undefined)], [true, 1]);
  });
});
