import assert from "node:assert/strict";
import { compareRuns, type ComparedRun } from "../../../components/run/compare/compare";
import { sensitivityOf } from "../../../components/run/compare/settings";
import { RunsToCompare } from "../../support/compare-runs";

// `make compare-bench` does the same with 20 pairs each.
describe("a comparison of real runs of 4 s", function () {
  this.timeout(120_000);
  let runs: RunsToCompare | undefined;
  let equal: ComparedRun[];
  let slower: ComparedRun[];

  before(async () => {
    runs = await RunsToCompare.start();
    equal = [await runs.make(), await runs.make(), await runs.make()];
    slower = [await runs.make(1.1), await runs.make(1.1), await runs.make(1.1)];
  });
  after(() => runs?.stop());

  const compared = (now: ComparedRun, before: ComparedRun[]) => compareRuns(now, before, sensitivityOf({}));

  it("have windows enough", () =>
    equal.forEach(({ windows, result }) =>
      assert.ok((windows?.p50.length ?? 0) >= 15, JSON.stringify([windows, result.figures])),
    ));

  for (const [now, before] of [
    [1, 0],
    [2, 1],
  ]) {
    it(`finds no difference between equal runs ${before} and ${now}`, () => {
      const { outcome, reason } = compared(equal[now], [equal[before]]);
      assert.equal(outcome, "no difference found", reason);
    });
  }

  it("finds a target that is 10 % slower in most pairs, and says by how much", () => {
    // A busy machine hides some: its noise is what a comparison must not take for a difference.
    const found = slower.map((now, i) => compared(now, [equal[i]])).filter(({ outcome }) => outcome === "regression");
    assert.ok(found.length >= 2, slower.map((now, i) => compared(now, [equal[i]]).reason).join("\n"));
    found.forEach(({ reason }) => assert.match(reason, /^p(50|95) is \d+\.?\d* % higher: \d+\.?\d* ms against \d+\.?\d* ms/));
  });

  it("finds it the other way round too", () => {
    const found = equal.filter((now, i) => compared(now, [slower[i]]).outcome === "improvement");
    assert.ok(found.length >= 2);
  });
});
