import assert from "node:assert/strict";
import { isJudgedOverAll, scriptResult, scriptThresholds } from "../../../components/run/thresholds-script";
import type { RunnerThreshold } from "../../../components/run/threshold-types";
import { goodRunner } from "../../support/results";

const count = { metric: "http_reqs", expression: "count>400", type: "counter" } as const;
const runner = (index: number, thresholds: RunnerThreshold[], more: object = {}) => {
  const one = goodRunner(index);
  return { ...one, exitCode: thresholds.every(({ ok }) => ok) ? 0 : 99, totals: { ...one.totals!, thresholds, ...more } };
};

describe("thresholds of a script", () => {
  it("are taken out of what the runners tell, each once", () => {
    const [found, ...others] = scriptThresholds([runner(0, [{ ...count, ok: true }]), runner(1, [{ ...count, ok: false }])]);
    assert.deepEqual(others, []);
    assert.deepEqual([found.metric, found.expression, found.runners], ["http_reqs", "count>400", { met: [0], missed: [1] }]);
    assert.equal(found.pooled?.bound, 400);
  });

  const idioms: [string, string, RunnerThreshold["type"], boolean][] = [
    ["http_req_duration{name:a}", "max>=0", "trend", false],
    ["my_errors", "count>=0", "counter", false],
    ["checks", "rate>=0", "rate", false],
    ["http_reqs", "count>-1", "counter", false],
    ["http_reqs", "count>0", "counter", true],
    // A trend of the script may hold negative values.
    ["my_balance", "min>=0", "trend", true],
  ];
  for (const [metric, expression, type, isJudged] of idioms) {
    it(`${isJudged ? "hold" : "leave out"} ${metric}: ${expression}`, () =>
      assert.equal(scriptThresholds([runner(0, [{ metric, expression, type, ok: true }])]).length, isJudged ? 1 : 0));
  }

  it("stay with the runners where no sample in the store carries the tag", () => {
    const asked = { metric: "http_reqs{url:http://x}", expression: "count>1", type: "counter" } as const;
    const [found] = scriptThresholds([runner(0, [{ ...asked, ok: true }])]);
    assert.equal(found.pooled, undefined);
    assert.deepEqual(scriptResult(found), {
      ...{ metric: asked.metric, expression: asked.expression, source: "script", ok: true, onlyRunners: true },
      runners: { met: [0], missed: [] },
    });
  });

  it("know the type of a metric, which the store does not", () => {
    const [found] = scriptThresholds([runner(0, [{ metric: "orders", expression: "rate>0.9", type: "counter", ok: true }])]);
    assert.equal(found.pooled?.type, "counter");
  });
});

describe("a runner's exit code 99", () => {
  const judged = [{ metric: "http_reqs", expression: "count>400", source: "script" as const, actual: 600, ok: true }];
  const cases: [string, RunnerThreshold[], object, boolean][] = [
    ["says nothing more where all it missed is judged over all", [{ ...count, ok: false }], {}, true],
    [
      "counts where one of what it missed is not judged",
      [
        { ...count, ok: false },
        { ...count, metric: "x_y", ok: false },
      ],
      {},
      false,
    ],
    ["counts where it ended the runner early", [{ ...count, ok: false, aborts: true }], {}, false],
    ["counts where not all that it missed is told", [{ ...count, ok: false }], { thresholdsLeftOut: 1 }, false],
    ["counts where it does not say what was missed", [], {}, false],
  ];
  for (const [what, thresholds, more, expected] of cases) {
    it(what, () => assert.equal(isJudgedOverAll({ ...runner(0, thresholds, more), exitCode: 99 }, judged), expected));
  }
  it("counts where there was no sample to judge over all", () =>
    assert.equal(isJudgedOverAll(runner(0, [{ ...count, ok: false }]), [{ ...judged[0], actual: undefined }]), false));
  it("is not another code", () =>
    assert.equal(isJudgedOverAll({ ...runner(0, [{ ...count, ok: false }]), exitCode: 108 }, judged), false));
});
