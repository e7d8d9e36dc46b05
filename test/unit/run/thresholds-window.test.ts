import assert from "node:assert/strict";
import { parseThresholds, thresholdProblems } from "../../../components/run/thresholds";
import { evaluateWindows } from "../../../components/run/thresholds-evaluate";
import { figurePlan } from "../../../components/run/store-query";

const parsed = (expression: string, metric = "http_req_duration") => parseThresholds({ [metric]: [expression] })[0];

describe("a threshold in windows", () => {
  const accepted: [string, number, number][] = [
    ["p(95)<500 over 30s", 30, 1],
    ["p(95)<500 over 30s for 90%", 30, 0.9],
    [" p(95) < 500  over 1.5 m for 99.5 % ", 90, 0.995],
    ["avg<1 over 1h", 3600, 1],
  ];
  for (const [expression, seconds, share] of accepted) {
    it(`reads ${JSON.stringify(expression)}`, () => assert.deepEqual(parsed(expression).window, { seconds, share }));
  }

  const refused: [string, RegExp][] = [
    ["p(95)<500 over 30", /cannot be read\. Write them like "p\(95\)<500 over 30s"/],
    ["p(95)<500 over 30s for 90", /cannot be read/],
    ["p(95)<500 for 90% over 30s", /no number/],
    ["p(95)<500 over 500ms", /cannot be read/],
    ["p(95)<500 over 0.5s", /windows of 0\.5 s\. Use at least 1s/],
    ["p(95)<500 over 30s for 0%", /0 % of the windows\. Use more than 0 and at most 100/],
    ["p(95)<500 over 30s for 101%", /101 % of the windows/],
    ["count<5 over 30s", /http_req_duration is a trend/],
  ];
  for (const [expression, reason] of refused) {
    it(`refuses ${JSON.stringify(expression)}`, () => {
      const [problem] = thresholdProblems({ http_req_duration: [expression] }, "thresholds");
      assert.match(problem?.reason ?? "", reason);
    });
  }

  const outcomes: [string, (number | null)[], boolean, number, number | null][] = [
    ["p(95)<500 over 5s", [100, 499, 200], true, 3, 499],
    ["p(95)<500 over 5s", [100, 500, 200], false, 2, 500],
    ["p(95)<500 over 5s for 60%", [100, 500, 200], true, 2, 500],
    ["p(95)<500 over 5s for 70%", [100, 500, 200], false, 2, 500],
    ["min>10 over 5s for 50%", [5, 11], true, 1, 5],
    ["med==10 over 5s for 50%", [10, 11, 7], false, 1, 7],
    ["med!=10 over 5s", [10, 11, 7], false, 2, 10],
    // Nobody was answered in the second window.
    ["p(95)<500 over 5s", [100, null, 200], false, 2, 200],
    ["p(95)<500 over 5s for 60%", [100, null, 200], true, 2, 200],
  ];
  for (const [expression, figures, ok, met, worst] of outcomes) {
    it(`finds ${JSON.stringify(figures)} ${ok ? "within" : "outside"} ${expression}`, () => {
      const result = evaluateWindows(parsed(expression), figures);
      assert.deepEqual(
        [result.ok, result.windows?.met, result.windows?.worst, result.actual],
        [ok, met, worst, met / figures.length],
      );
    });
  }

  it("has nothing to evaluate without a sample", () => {
    const result = evaluateWindows(parsed("p(95)<500 over 5s for 1%"), [null, null]);
    assert.deepEqual([result.ok, result.actual, result.windows?.empty], [false, undefined, 2]);
  });
  it("has nothing to evaluate where the load was shorter, and says so", () => {
    const result = evaluateWindows(parsed("p(95)<500 over 5s"), []);
    assert.deepEqual([result.ok, result.actual], [false, undefined]);
    assert.match(result.problem ?? "", /did not last as long as one window of 5 s/);
  });
});

describe("a rate of a counter", () => {
  it("is per second where that is said, whatever its bound", () => {
    assert.deepEqual(figurePlan(parsed("rate>0.5/s", "orders")), { reduction: "sum", perSecond: true });
    assert.deepEqual(figurePlan(parsed("rate>0.5", "orders")), { reduction: "mean" });
    assert.deepEqual(parsed("rate>5/s over 10s", "http_reqs").window, { seconds: 10, share: 1 });
  });
  for (const [expression, metric] of [
    ["rate<0.5/s", "http_req_failed"],
    ["count>5/s", "orders"],
    ["p(95)<5/s", "http_req_duration"],
  ]) {
    it(`cannot be ${metric}: ${expression}`, () => {
      const [problem] = thresholdProblems({ [metric]: [expression] }, "thresholds");
      assert.match(problem?.reason ?? "", /compares per second, which only rates of counters are/);
    });
  }
});
