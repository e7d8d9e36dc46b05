import assert from "node:assert/strict";
import fc from "fast-check";
import { ArgumentError } from "../../../components/errors";
import { parseThresholds, thresholdProblems } from "../../../components/run/thresholds";
import { evaluate } from "../../../components/run/thresholds-evaluate";
import { acceptedExpressions, acceptedKeys, refusedExpressions, refusedKeys } from "../../support/threshold-cases";

const parseOne = (key: string, expression: string) => {
  const [threshold] = parseThresholds({ [key]: [expression] });
  assert.ok(threshold);
  return threshold;
};

describe("parseThresholds", () => {
  for (const [expression, aggregation, operator, bound] of acceptedExpressions) {
    it(`reads ${JSON.stringify(expression)}`, () => {
      const parsed = parseOne("my_metric", expression);
      assert.deepEqual([parsed.aggregation, parsed.operator, parsed.bound], [aggregation, operator, bound]);
    });
  }

  for (const [key, metric, tags] of acceptedKeys) {
    it(`reads the metric of ${key}`, () => {
      const parsed = parseOne(key, "p(95)<500");
      assert.deepEqual([parsed.key, parsed.metric, parsed.tags], [key, metric, tags]);
    });
  }

  it("reads back what it would write", () => {
    const operators = ["<", "<=", ">", ">=", "==", "!="] as const;
    const methods = ["avg", "min", "max", "med", "count", "rate", "value"] as const;
    const threshold = fc.record({
      method: fc.oneof(fc.constantFrom(...methods), fc.double({ min: 0, max: 100, noNaN: true })),
      operator: fc.constantFrom(...operators),
      bound: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(threshold, fc.constantFrom("", " "), ({ method, operator, bound }, space) => {
        const left = typeof method === "number" ? `p(${method})` : method;
        const parsed = parseOne("my_metric", `${left}${space}${operator}${space}${bound}`);
        assert.equal(parsed.operator, operator);
        assert.equal(parsed.bound, bound + 0);
        assert.deepEqual(parsed.aggregation, typeof method === "number" ? { method: "p", percentile: method } : { method });
      }),
    );
  });

  it("throws every problem at once", () => {
    const map = { http_req_duration: ["p95<500", "avg<1"], "http-reqs": ["count>1"] };
    assert.throws(
      () => parseThresholds(map),
      (error: unknown) => error instanceof ArgumentError && error.problems.length === 2,
    );
  });
});

describe("thresholdProblems", () => {
  for (const [expression, metric, reason] of refusedExpressions) {
    it(`refuses ${JSON.stringify(expression)} on ${metric}`, () => {
      const problems = thresholdProblems({ [metric]: [expression] }, "loadTests.checkout.thresholds");
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.path, `loadTests.checkout.thresholds.${metric}[0]`);
      assert.match(problems[0]?.reason ?? "", reason);
    });
  }

  for (const [key, reason] of refusedKeys) {
    it(`refuses the metric ${JSON.stringify(key)}`, () => {
      const problems = thresholdProblems({ [key]: ["p(95)<500"] }, "thresholds");
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.reason ?? "", reason);
    });
  }

  it("refuses a metric without an expression", () => {
    const [problem] = thresholdProblems({ http_reqs: [] }, "thresholds");
    assert.equal(problem?.path, "thresholds.http_reqs");
    assert.match(problem?.reason ?? "", /has no expression/);
  });

  it("quotes a path that is no plain name", () => {
    const [problem] = thresholdProblems({ "http_reqs{name:a}": ["rate<0"], "http_reqs{name:b}": ["x"] }, "thresholds");
    assert.equal(problem?.path, 'thresholds["http_reqs{name:b}"][0]');
  });

  it("finds nothing wrong with an empty map", () => assert.deepEqual(thresholdProblems({}, "thresholds"), []));
});

describe("evaluate", () => {
  const cases: [string, number, boolean][] = [
    ["value<1", 1, false],
    ["value<1", 0.999, true],
    ["value<=1", 1, true],
    ["value<=1", 1.001, false],
    ["value>1", 1, false],
    ["value>1", 1.001, true],
    ["value>=1", 1, true],
    ["value>=1", 0.999, false],
    ["value==1", 1, true],
    ["value===1", 2, false],
    ["value!=1", 2, true],
    ["value!=1", 1, false],
  ];
  for (const [expression, actual, ok] of cases) {
    it(`finds ${actual} ${ok ? "within" : "outside"} ${expression}`, () => {
      assert.deepEqual(evaluate(parseOne("my_metric", expression), actual), { metric: "my_metric", expression, actual, ok });
    });
  }

  it("is never ok with nothing measured", () => {
    assert.deepEqual(evaluate(parseOne("my_metric", "value!=1"), undefined), {
      metric: "my_metric",
      expression: "value!=1",
      ok: false,
    });
  });
});
