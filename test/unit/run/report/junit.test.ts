import assert from "node:assert/strict";
import { junit } from "../../../../components/run/report/junit";
import type { RunResult, ThresholdResult } from "../../../../components/run/types";
import { passedRun } from "../../../support/results";

const missed: ThresholdResult = { metric: "http_reqs", expression: "count>1", actual: 0, ok: false };
const absent: ThresholdResult = { metric: "orders", expression: "count>1", ok: false };
const [met] = passedRun.thresholds;
const xml = (change: Partial<RunResult>) => junit({ ...passedRun, ...change });
/** Names of the test cases, each with what it has inside. */
const cases = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/<testcase((?: \w+="[^"]*")*)(\/?)>(?=(?:\s*<(\w+))?)/g)].map(([, attributes, closed, inner]) => [
      / name="([^"]*)"/.exec(attributes)?.[1] ?? "",
      closed === "/" ? undefined : inner,
    ]),
  );

describe("the report as JUnit XML", () => {
  it("has a case for the run, one for the target and one for each threshold", () => {
    const text = xml({});
    assert.match(
      text,
      /<testsuite name="k6 checkout" timestamp="2026-11-24T08:58:34" tests="3" failures="0" errors="0" skipped="0">/,
    );
    assert.match(text, /<property name="verdict" value="pass"\/>/);
    assert.deepEqual(cases(text), {
      "the run can be believed": undefined,
      "the target held": undefined,
      "threshold http_req_duration: p(95)&lt;500": undefined,
    });
  });

  it("fails the target and each threshold that was missed", () => {
    const text = xml({ verdict: "fail", reasons: ["it was missed."], thresholds: [met, missed] });
    assert.match(text, /tests="4" failures="2" errors="0" skipped="0"/);
    assert.deepEqual(cases(text)["the target held"], "failure");
    assert.deepEqual(cases(text)["threshold http_reqs: count>1"], "failure");
    assert.match(text, /<failure message="missed: 0"/);
  });

  it("passes nothing of a run that cannot be believed", () => {
    const text = xml({ verdict: "invalid", reasons: ["a runner was lost."], thresholds: [met, missed, absent] });
    assert.deepEqual(cases(text), {
      "the run can be believed": "error",
      "the target held": "skipped",
      "threshold http_req_duration: p(95)&lt;500": "skipped",
      "threshold http_reqs: count>1": "failure",
      "threshold orders: count>1": "error",
    });
  });

  it("stays XML whatever a reason holds", () => {
    const text = xml({ verdict: "invalid", reasons: [`]]><a b="c">&\u0000\u001b[31m`] });
    assert.ok(!/[\u0000-\u0008\u001b]/.test(text));
    assert.match(text, /&lt;a b=/);
  });

  it("tells a run that never started", () => assert.doesNotMatch(xml({ startedAt: null, finishedAt: null }), /timestamp/));
});
