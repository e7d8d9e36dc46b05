import assert from "node:assert/strict";
import { Problems } from "../../../../components/errors";
import { checkEngine, checkEngineScript, type EngineChoice } from "../../../../components/run/engines/checks";

function problemsOf(choice: Partial<EngineChoice>): string[] {
  const problems = new Problems();
  checkEngine({ test: "checkout", runners: 2, engine: "operator", ...choice }, problems);
  return problems.all.map(({ path, reason }) => `${path}: ${reason}`);
}

describe("the choice of an engine", () => {
  it("takes as many runners as k6-operator can start, and not one more", () => {
    assert.deepEqual(problemsOf({ runners: 350 }), []);
    assert.deepEqual(problemsOf({ runners: 400 }), [
      "runners: 400 is above the 350 that k6-operator can start (its starter's command line ends there). " +
        'Use engine: "job", or at most 350.',
    ]);
    assert.deepEqual(problemsOf({ runners: 400, engine: "job" }), []);
  });

  it("takes names of which k6-operator can make its own", () => {
    assert.deepEqual(problemsOf({ test: "x".repeat(42) }), []);
    assert.match(problemsOf({ test: "x".repeat(43) })[0], /^name: .* has 43 characters, at most 42 fit with k6-operator/);
    assert.deepEqual(problemsOf({ test: "x".repeat(43), engine: "job" }), []);
  });

  it("refuses one that is not there", () => {
    assert.match(problemsOf({ engine: "jobs" as "job" })[0], /^engine: "jobs" is not known\. Use "job" or "operator"/);
  });

  it("refuses scripts that k6-operator cannot run once and whole", () => {
    const problems = new Problems();
    checkEngineScript("operator", { isArchive: true, splitFiles: ["users.csv"] }, problems);
    assert.deepEqual(
      problems.all.map(({ path }) => path),
      ["script", "script.splitFiles"],
    );
    const none = new Problems();
    checkEngineScript("job", { isArchive: true, splitFiles: ["users.csv"] }, none);
    assert.deepEqual(none.all, []);
  });
});
