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

  it("refuses archives where k6-operator would not wait for their setup()", () => {
    const problemsWith = (engine: "job" | "operator", isArchive: boolean) => {
      const problems = new Problems();
      checkEngineScript(engine, { isArchive }, problems);
      return problems.all.map(({ path, reason }) => `${path}: ${reason}`);
    };
    assert.match(
      problemsWith("operator", true).join(),
      /^script: is an archive.*Use engine: "job", or give the script itself\.$/,
    );
    assert.deepEqual([problemsWith("operator", false), problemsWith("job", true)], [[], []]);
  });
});
