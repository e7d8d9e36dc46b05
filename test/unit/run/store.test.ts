import assert from "node:assert/strict";
import { figurePlan, pooled, type FigurePlan } from "../../../components/run/store-query";
import { addedUp, chartWindow, points, ratePoints, withoutIdleEnd } from "../../../components/run/store-series";
import { parseThresholds } from "../../../components/run/thresholds";
import { shortSeries } from "../../support/results";

describe("figurePlan", () => {
  const cases: [string, string, FigurePlan][] = [
    ["http_req_duration", "p(95)<1", { reduction: { quantile: 0.95 } }],
    ["http_req_duration", "med<1", { reduction: { quantile: 0.5 } }],
    ["http_req_duration", "avg<1", { reduction: "mean" }],
    ["http_req_duration", "max<1", { reduction: "max" }],
    ["http_reqs", "count>1", { reduction: "sum" }],
    ["http_reqs", "rate>0.5", { reduction: "sum", perSecond: true }],
    ["http_req_failed", "rate<0.01", { reduction: "mean" }],
    ["dropped_iterations", "count<1", { reduction: "sum", absent: 0 }],
    ["dropped_iterations{scenario:a}", "count<1", { reduction: "sum" }],
    ["vus", "value>1", { reduction: "last", addRunners: true }],
    ["my_own", "value>1", { reduction: "last" }],
    ["my_own", "count>1", { reduction: "sum" }],
    ["my_own", "rate<=1", { reduction: "mean" }],
    ["my_own", "rate>1.5", { reduction: "sum", perSecond: true }],
    ["my_own", "p(99.9)<1", { reduction: { quantile: 0.9990000000000001 } }],
  ];
  for (const [metric, expression, plan] of cases) {
    it(`of ${metric}: ${expression}`, () => {
      const [threshold] = parseThresholds({ [metric]: [expression] });
      assert.ok(threshold);
      assert.deepEqual(figurePlan(threshold), plan);
    });
  }
});

describe("a query", () => {
  it("quotes what it is given, so that no name can change it", () => {
    const scope = { bucket: 'b") //', testid: 'x" or true', start: new Date(0), stop: new Date(1) };
    const text = pooled(scope, "m", { 'na"me': 'a\\"${1}' }).toString();
    assert.ok(text.includes('from(bucket: "b\\") //")'), text);
    assert.ok(text.includes('r.testid == "x\\" or true"'), text);
    assert.ok(text.includes('r["na\\"me"] == "a\\\\\\"\\${1}"'), text);
  });
});

describe("charts", () => {
  const windows = { seconds: 2, startMs: 1000, durationSeconds: 7 };
  const row = (second: number, value: number, instance = "") => ({ time: 1000 + second * 1000, value, instance });

  it("have windows of a second for short runs and never more than 240", () => {
    assert.deepEqual(
      [0, 20, 240, 241, 3600, 86_400].map((seconds) => chartWindow(seconds)),
      [1, 1, 1, 2, 15, 600],
    );
    assert.ok(10_000_000 / chartWindow(10_000_000) <= 240);
    assert.deepEqual(
      [20, 1201].map((seconds) => chartWindow(seconds, "aggregated")),
      [5, 10],
    );
  });

  it("leave a gap where nothing was measured", () => {
    assert.deepEqual(points([row(0, 5), row(4, 6)], windows), [
      [0, 5],
      [2, null],
      [4, 6],
      [6, null],
    ]);
  });

  it("count the last window for the time that it has", () => {
    assert.deepEqual(ratePoints([row(0, 10), row(6, 10)], windows), [
      [0, 5],
      [2, 0],
      [4, 0],
      [6, 10],
    ]);
  });

  it("add up runners, holding a value over a window that a runner missed but not past its end", () => {
    const rows = [row(0, 3, "a"), row(4, 5, "a"), row(2, 10, "b")];
    assert.deepEqual(
      addedUp(rows, windows).map(([, value]) => value),
      [3, 13, 5, null],
    );
  });

  it("end with the last request or active VU", () => {
    const idle = [...shortSeries.requestsPerSecond, [5, 0], [6, 0]] as typeof shortSeries.requestsPerSecond;
    const cut = withoutIdleEnd({ ...shortSeries, requestsPerSecond: idle });
    assert.equal(cut.requestsPerSecond.length, 5);
    assert.equal(cut.p95.length, 5);
    assert.equal(
      withoutIdleEnd({ ...shortSeries, requestsPerSecond: [[0, 0]], activeVus: [[0, null]] }).requestsPerSecond.length,
      0,
    );
  });
});
