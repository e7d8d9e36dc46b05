import assert from "node:assert/strict";
import { Problems } from "../../../components/errors";
import { checkQueries, queryThreshold } from "../../../components/run/query-thresholds";
import { answerOf, withRun } from "../../../components/run/store-user-query";

const flux = `from(bucket: run.bucket) |> range(start: run.start, stop: run.stop)`;
const problemsOf = (queries: Parameters<typeof checkQueries>[0]) => {
  const problems = new Problems();
  checkQueries(queries, "queries", problems);
  return problems.all.map(({ path, reason }) => `${path}: ${reason}`);
};

describe("a threshold on a query", () => {
  it("compares the value", () => {
    assert.deepEqual(problemsOf({ "db-cpu": { flux, threshold: "value<80" } }), []);
    const { metric, expression, operator, bound } = queryThreshold("db-cpu", { flux, threshold: " value<80 " });
    assert.deepEqual([metric, expression, operator, bound], ["db-cpu", "value<80", "<", 80]);
  });
  const refused: [string, Parameters<typeof checkQueries>[0], RegExp][] = [
    [
      "another aggregation",
      { cpu: { flux, threshold: "p(95)<80" } },
      /^queries\.cpu\.threshold: .* asks for more than the value/,
    ],
    ["windows", { cpu: { flux, threshold: "value<80 over 5s" } }, /asks for more than the value/],
    ["no comparison", { cpu: { flux, threshold: "80" } }, /^queries\.cpu\.threshold: "80" compares nothing/],
    [
      "no Flux",
      { cpu: { flux: " ", threshold: "value<80" } },
      /^queries\.cpu\.flux: is empty\. Begin with from\(bucket: run\.bucket\)/,
    ],
    ["a name with a space", { "a b": { flux, threshold: "value<80" } }, /^queries\.a b: "a b" cannot name a query/],
  ];
  for (const [what, queries, reason] of refused) {
    it(`refuses ${what}`, () => {
      const [problem, ...others] = problemsOf(queries);
      assert.match(problem, reason);
      assert.deepEqual(others, []);
    });
  }
});

describe("the Flux of a query", () => {
  const scope = { bucket: 'b"', testid: "t", start: new Date(0), stop: new Date(1000) };
  const record = 'run = {bucket: "b\\"", testid: "t", start: 1970-01-01T00:00:00.000Z, stop: 1970-01-01T00:00:01.000Z}';
  it("finds the run in a record before it", () => assert.equal(withRun(flux, scope), `${record}\n${flux}`));
  it("keeps its imports first", () => {
    const imports = 'package main\nimport "math"\nimport s "strings"';
    assert.equal(withRun(`${imports}\n${flux}`, scope), `${imports}\n${record}\n${flux}`);
  });
  it("gives one number, or says what is wrong", () => {
    assert.deepEqual(answerOf([3]), { value: 3 });
    assert.match(JSON.stringify(answerOf([])), /no row with a number in _value/);
    assert.match(JSON.stringify(answerOf([1, 2])), /gives 2 rows\. Reduce them to one/);
  });
});
