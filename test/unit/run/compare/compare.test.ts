import assert from "node:assert/strict";
import { compareRuns, type ComparedRun } from "../../../../components/run/compare/compare";
import { rankTest, effectiveSize } from "../../../../components/run/compare/statistics";
import { sensitivityOf } from "../../../../components/run/compare/settings";
import { randomOf, syntheticRun, type Behaviour } from "../../../support/synthetic-runs";

/** As runs on a quiet cluster are: windows that resemble their neighbours, and runs that differ by a level each. */
const quiet: Behaviour = { p50: 20, windows: 60, within: 0.04, between: 0.008, correlation: 0.5 };
const slower: Behaviour = { ...quiet, p50: 22 };

const outcomes = (pairs: number, seed: number, baselines: number, candidate: Behaviour) => {
  const random = randomOf(seed);
  return Array.from({ length: pairs }, (_, pair) => {
    const before = Array.from({ length: baselines }, (__, i) => syntheticRun(`before-${pair}-${i}`, quiet, random));
    return compareRuns(syntheticRun(`now-${pair}`, candidate, random), before, sensitivityOf({})).outcome;
  });
};
const share = (all: readonly string[], outcome: string) => all.filter((one) => one === outcome).length / all.length;

describe("a comparison of runs that are made up", () => {
  for (const baselines of [1, 3, 5]) {
    it(`calls no run of 200 a regression that is like its ${baselines} before it`, () => {
      const all = outcomes(200, 1, baselines, quiet);
      assert.equal(share(all, "no difference found"), 1);
    });
  }
  it("finds a target that is 10 % slower in 9 of 10 pairs", () =>
    assert.ok(share(outcomes(200, 2, 1, slower), "regression") >= 0.9));
  it("finds it with five runs before it in 9 of 10 cases", () =>
    assert.ok(share(outcomes(200, 3, 5, slower), "regression") >= 0.9));
  it("finds a target that is 10 % faster", () =>
    assert.ok(share(outcomes(200, 4, 1, { ...quiet, p50: 18 }), "improvement") >= 0.9));
  it("does not take what runs differ by themselves for a difference, once it can be seen", () => {
    const restless = { ...quiet, between: 0.06 };
    const random = randomOf(5);
    const all = Array.from({ length: 200 }, () => {
      const [now, ...before] = Array.from({ length: 6 }, (_, i) => syntheticRun(`run-${i}`, restless, random));
      return compareRuns(now, before, sensitivityOf({})).outcome;
    });
    // Of each figure one in a hundred is expected; a single run before it would be wrong in every third case.
    assert.ok(share(all, "no difference found") >= 0.96, String(share(all, "no difference found")));
  });
  it("needs the correction for alike neighbours: without it one equal pair in twenty and more would differ", () => {
    const random = randomOf(6);
    const still: Behaviour = { ...quiet, between: 0 };
    const differ = { corrected: 0, plain: 0 };
    for (let i = 0; i < 500; i++) {
      const [a, b] = [0, 1].map(() => syntheticRun("x", still, random).windows?.p50 ?? []);
      const inflation = (1 / effectiveSize(a) + 1 / effectiveSize(b)) / (1 / a.length + 1 / b.length);
      differ.plain += Number(rankTest(a, b) < 0.01);
      differ.corrected += Number(rankTest(a, b, inflation) < 0.01);
    }
    assert.ok(differ.plain >= 25, `${differ.plain} of 500`);
    assert.ok(differ.corrected <= 15, `${differ.corrected} of 500`);
  });
});

describe("a comparison", () => {
  const random = randomOf(7);
  const before = syntheticRun("before", quiet, random);
  const now = syntheticRun("now", quiet, random);
  const compared = (candidate: ComparedRun, baselines = [before]) => compareRuns(candidate, baselines, sensitivityOf({}));
  const changed = (run: ComparedRun, change: Partial<ComparedRun["result"]>) => ({
    ...run,
    result: { ...run.result, ...change },
  });

  it("says what it would have found, and that one run is no measure of noise", () => {
    const { reason, caveats, figures } = compared(now);
    assert.match(reason, /^a difference of \d+\.?\d* % in p50, .* % in p95, .* % points in error rate would have been found/);
    assert.match(caveats[0], /One run is no measure of how much runs differ by themselves: taken are 5 %/);
    assert.deepEqual(
      figures.map(({ noise }) => noise),
      [null, null, null],
    );
  });
  it("measures the noise between runs from five on", () => {
    const others = [1, 2, 3, 4, 5].map((i) => syntheticRun(`before-${i}`, quiet, random));
    const { figures, caveats } = compared(now, others);
    assert.ok((figures[0].noise ?? 0) > 0);
    assert.deepEqual(caveats, []);
  });
  it("names the run that makes its baselines differ so much", () => {
    const others = [1, 2, 3, 4, 5].map((i) => syntheticRun(`before-${i}`, i === 4 ? { ...quiet, p50: 30 } : quiet, random));
    const { caveats } = compared(now, others);
    assert.match(caveats[0], /differ by themselves by up to \d+\.?\d* %.*Farthest from the others is before-4: p50 (29|30)/);
  });
  it("says by how much a run is slower", () => {
    const { outcome, reason } = compared(syntheticRun("now", slower, random));
    assert.equal(outcome, "regression");
    assert.match(reason, /^p50 is \d+\.?\d* % higher: 2\d\.?\d* ms against \d+\.?\d* ms \(p < 0\.0001\); p95 is/);
  });
  it("calls more errors a regression, though they came fast", () => {
    const figures = { ...now.result.figures, errorRate: 0.2 };
    const fast = changed(syntheticRun("now", { ...quiet, p50: 5 }, random), { figures });
    const { outcome, reason } = compared(fast);
    assert.equal(outcome, "regression");
    assert.match(reason, /error rate is higher: 20 % against 0\.452 %/);
  });

  const refused: [string, ComparedRun, ComparedRun[], RegExp][] = [
    ["nothing to compare with", now, [], /no run to compare with/],
    ["a run that cannot be believed", changed(now, { verdict: "invalid" }), [before], /the run itself cannot be believed/],
    [
      "a baseline that cannot be believed",
      now,
      [changed(before, { verdict: "invalid" })],
      /run before cannot be believed itself/,
    ],
    [
      "another script",
      changed(now, { likeness: { ...now.result.likeness, script: "0000" } }),
      [before],
      /run before is of another kind: script \(3f9a there, 0000 here\)/,
    ],
    ["a result without windows", now, [{ result: before.result }], /0 windows with requests are too few; 10 are needed/],
    ["a short run", { ...now, windows: { windowSeconds: 1, p50: [1, 2, 3], p95: [1, 2, 3] } }, [before], /1 windows .* too few/],
    [
      "windows of another length",
      { ...now, windows: { ...now.windows!, windowSeconds: 2 } },
      [before],
      /has windows of 1 s, this one of 2 s/,
    ],
  ];
  for (const [what, candidate, baselines, reason] of refused) {
    it(`refuses ${what}`, () => {
      const { outcome, reason: said, figures } = compared(candidate, baselines);
      assert.equal(outcome, "not comparable");
      assert.match(said, reason);
      assert.deepEqual(figures, []);
    });
  }
  it("tells another engine, other versions and another rate", () => {
    const figures = { ...now.result.figures, requestsPerSecond: 100 };
    const { caveats } = compared(changed(now, { engine: "operator", versions: { "pulumi-k6": "9" }, figures }));
    assert.match(caveats.join("\n"), /engine job, this one with operator/);
    assert.match(caveats.join("\n"), /other versions \(pulumi-k6 0\.1\.0; here pulumi-k6 9\)/);
    assert.match(caveats.join("\n"), /The rate is another: 100 requests per second here, 149\.7 there/);
  });
});
