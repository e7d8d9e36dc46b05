import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { comparedWithBaselines } from "../../../../components/run/compare/baselines";
import type { ComparedRun } from "../../../../components/run/compare/compare";
import { differences, likenessOf } from "../../../../components/run/compare/likeness";
import { Problems } from "../../../../components/errors";
import { checkCompare } from "../../../../components/run/compare/settings";
import type { CompareSettings } from "../../../../components/run/compare/types";
import { runInputs } from "../../../support/run-inputs";
import { randomOf, syntheticRun } from "../../../support/synthetic-runs";

const behaviour = { p50: 20, windows: 40, within: 0.03, between: 0.005, correlation: 0.3 };
const random = randomOf(1);
const run = (name: string, change: Partial<ComparedRun["result"]> = {}): ComparedRun => {
  const { result, windows } = syntheticRun(name, behaviour, random);
  return { result: { ...result, ...change }, windows };
};

describe("the runs that a run is compared with", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "baselines-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const written = async ({ result, windows }: ComparedRun, startedAt = "2026-11-01T00:00:00Z", into = folder) => {
    await mkdir(into, { recursive: true });
    const file = path.join(into, `${result.run}.json`);
    await writeFile(file, JSON.stringify({ ...result, startedAt, windows }));
    return file;
  };
  const compared = (settings: CompareSettings) => comparedWithBaselines(run("now"), settings, folder);

  it("are one pinned result", async () => {
    const { outcome, baselines } = await compared({ baseline: await written(run("pinned")) });
    assert.deepEqual([outcome, baselines], ["no difference found", ["pinned"]]);
  });
  it("are all results of a pinned folder", async () => {
    const pinned = path.join(folder, "pinned");
    for (const name of ["a", "b", "c"]) {
      await written(run(name), undefined, pinned);
    }
    const { baselines } = await compared({ baseline: pinned });
    assert.deepEqual(baselines.sort(), ["a", "b", "c"]);
  });
  it("are the newest of the same kind that can be believed, and not the run itself", async () => {
    await written(run("oldest"), "2026-11-01T00:00:00Z");
    await written(run("older"), "2026-11-02T00:00:00Z");
    await written(run("newest"), "2026-11-04T00:00:00Z");
    await written(run("other", { likeness: { test: "another" } }), "2026-11-05T00:00:00Z");
    await written(run("doubtful", { verdict: "invalid" }), "2026-11-06T00:00:00Z");
    await written(run("now"), "2026-11-07T00:00:00Z");
    await writeFile(path.join(folder, "broken.json"), "{");
    const { baselines } = await compared({ lastRuns: 2 });
    assert.deepEqual(baselines, ["older", "newest"]);
  });

  const refused: [string, (folder: string) => CompareSettings, RegExp][] = [
    [
      "a file that is not there",
      (at) => ({ baseline: path.join(at, "x.json") }),
      /x\.json is not there\. Give a result of an earlier run/,
    ],
    ["an empty folder", (at) => ({ baseline: at }), /holds no result of another run/],
    ["no run before", () => ({ lastRuns: 3 }), /holds no earlier run of the same kind that could be believed/],
  ];
  for (const [what, settings, reason] of refused) {
    it(`cannot be ${what}`, async () => {
      const { outcome, reason: said } = await compared(settings(folder));
      assert.equal(outcome, "not comparable");
      assert.match(said, reason);
    });
  }
  it("cannot be what is no result", async () => {
    const file = path.join(folder, "x.json");
    await writeFile(file, "{}");
    assert.match((await compared({ baseline: file })).reason, /x\.json is no result of a run\.$/);
  });
});

describe("the likeness of runs", () => {
  const inputs = runInputs();
  it("is the same for another trigger, threshold or deadline", () =>
    assert.deepEqual(likenessOf({ ...inputs, trigger: "again", thresholds: {}, deadlineSeconds: 1 }), likenessOf(inputs)));
  it("is the same in whatever order variables are", () =>
    assert.deepEqual(likenessOf({ ...inputs, env: { B: "2", A: "1" } }), likenessOf(inputs)));
  for (const change of [
    { runners: 3 },
    { scriptDigest: "1" },
    { image: "x" },
    { env: { A: "2" } },
    { load: { vus: 3 } },
    { resources: { cpu: "1", memory: "1Gi" } },
  ]) {
    it(`is another with another ${Object.keys(change).join()}`, () =>
      assert.equal(differences(likenessOf(inputs), likenessOf({ ...inputs, ...change })).length, 1));
  }
  it("holds no variable's value", () =>
    assert.ok(!JSON.stringify(likenessOf({ ...inputs, env: { T: "hidden" } })).includes("hidden")));
});

describe("the settings of a comparison", () => {
  const problemsOf = (settings: CompareSettings) => {
    const problems = new Problems();
    checkCompare(settings, "compare", problems);
    return problems.all.map(({ path: own, reason }) => `${own}: ${reason}`).join("\n");
  };
  it("name a baseline or a number of runs", () => {
    assert.equal(problemsOf({ baseline: "x.json" }), "");
    assert.equal(problemsOf({ lastRuns: 5, minimumEffect: 0.1, significance: 0.05, gate: true }), "");
  });
  const refused: [CompareSettings, RegExp][] = [
    [{}, /^compare: needs either baseline/],
    [{ baseline: "x", lastRuns: 1 }, /^compare: needs either baseline/],
    [{ lastRuns: 0 }, /^compare\.lastRuns: 0 is not a whole number from 1 to 20/],
    [{ lastRuns: 1, minimumEffect: 5 }, /^compare\.minimumEffect: 5 is not a share/],
    [{ lastRuns: 1, significance: 0 }, /^compare\.significance: 0 is not a chance/],
  ];
  for (const [settings, reason] of refused) {
    it(`are not ${JSON.stringify(settings)}`, () => assert.match(problemsOf(settings), reason));
  }
});
