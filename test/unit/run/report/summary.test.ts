import assert from "node:assert/strict";
import { summaryText } from "../../../../components/run/report/summary";
import { goodRunner, passedRun } from "../../../support/results";

describe("summaryText", () => {
  it("ends with the result's URL and begins with the verdict", () => {
    const lines = summaryText({ ...passedRun, reportPath: "reports/x.html", resultUrl: "file:///reports/x.html" })
      .trimEnd()
      .split("\n");
    assert.equal(lines[0], "checkout-3f9a1c2e: verdict pass");
    assert.equal(lines.at(-1), "result  file:///reports/x.html");
    assert.equal(lines.at(-2), "report  reports/x.html");
  });

  it("has a row for each runner and each threshold", () => {
    const text = summaryText(passedRun);
    assert.match(text, /^http_req_duration +p\(95\)<500 +212\.4 ms +met/m);
    assert.match(text, /^0 +checkout-3f9a1c2e-0-x7k4p +worker-1 +0 finished +13 501 +6 750 +3 min 00 s$/m);
    assert.match(text, /^1 +checkout-3f9a1c2e-1-x7k4p/m);
  });

  it("tells a missed threshold from one without samples, and shows how a runner ended", () => {
    const text = summaryText({
      ...passedRun,
      verdict: "invalid",
      reasons: ["first reason", "second reason"],
      thresholds: [
        { metric: "http_reqs", expression: "count>1", actual: 0, ok: false },
        { metric: "orders", expression: "count>1", ok: false },
      ],
      runners: [
        { ...goodRunner(0), state: "failed", exitCode: 137, totals: undefined },
        { index: 1, state: "lost" },
      ],
    });
    assert.match(text, /^http_reqs +count>1 +0 +missed/m);
    assert.match(text, /^orders +count>1 +– +no samples/m);
    assert.match(text, /^ {2}first reason\n {2}second reason$/m);
    assert.match(text, /137 killed/);
    assert.match(text, /^1 +– +– +lost +– +– +–/m);
  });

  it("colours only when asked to", () => {
    assert.ok(!summaryText(passedRun).includes("\u001b"));
    assert.ok(summaryText(passedRun, { colour: true }).includes("\u001b[32mverdict pass\u001b[39m"));
  });
});
