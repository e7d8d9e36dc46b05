import assert from "node:assert/strict";
import { Problems } from "../../../components/errors";
import { checkInspection, checkSizes, planDigest, type Sizes } from "../../../components/run/plan";
import { runInputs } from "../../support/run-inputs";

describe("the plan of a run", () => {
  const digest = planDigest(runInputs());

  const same: [string, Parameters<typeof runInputs>[0]][] = [
    ["how the cluster is reached", { kubeconfig: "other", context: "other" }],
    ["the token for reading", { readToken: "other" }],
    ["where reports go", { reportFolder: "elsewhere" }],
    ["how long pods are kept", { ttlSeconds: 61 }],
    ["the name of the script's file", { scriptName: "renamed.js" }],
    ["the way to the store for the judge", { store: { ...runInputs().store, url: "http://elsewhere" } }],
    ["the image of the starter", { starterImage: "other" }],
    ["whether k6 was asked about the script", { inspected: false }],
    ["names of the ConfigMaps, whose content the script's digest tells", { scriptConfigMap: "b", moreConfigMaps: ["c"] }],
    ["the order of variables", { env: { B: "2", A: "1" } }],
  ];
  for (const [what, change] of same) {
    it(`does not change with ${what}`, () => assert.equal(planDigest(runInputs(change)), digest));
  }

  const other: [string, Parameters<typeof runInputs>[0]][] = [
    ["the script", { scriptDigest: "f".repeat(64) }],
    ["the trigger", { trigger: "again" }],
    ["the runners", { runners: 3 }],
    ["the engine", { engine: "operator" }],
    ["a variable", { env: { A: "1", B: "3" } }],
    ["the image", { image: "grafana/k6:1.2.0" }],
    ["the resources", { resources: { cpu: "1", memory: "256Mi" } }],
    ["a threshold", { thresholds: { http_reqs: ["count>1"] } }],
    ["a limit", { limits: { startSkewMs: 5, droppedIterationsRatio: 0 } }],
    ["a deadline", { deadlineSeconds: 61 }],
    ["the bucket", { store: { ...runInputs().store, bucket: "other" } }],
    ["the namespace", { namespace: "other" }],
  ];
  for (const [what, change] of other) {
    it(`is another with another value of ${what}`, () => assert.notEqual(planDigest(runInputs(change)), digest));
  }
});

describe("sizes", () => {
  const good: Sizes = {
    test: "checkout",
    runners: 2,
    env: { TARGET: "x" },
    deadlineSeconds: 90,
    startDeadlineSeconds: 30,
    ttlSeconds: 3600,
    startSkewMs: 1000,
    droppedIterationsRatio: 0,
  };
  const problemsOf = (change: Partial<Sizes>) => {
    const problems = new Problems();
    checkSizes({ ...good, ...change }, problems);
    return problems.all.map(({ path, reason }) => `${path}: ${reason}`);
  };

  it("that fit are taken", () => assert.deepEqual(problemsOf({}), []));

  const bad: [Partial<Sizes>, RegExp][] = [
    [{ runners: 0 }, /^runners: 0 runners cannot be: give a whole number from 1 to 1000/],
    [{ runners: 1.5 }, /^runners: 1\.5 runners/],
    [{ runners: 1001 }, /^runners: 1001/],
    [{ runners: NaN }, /^runners: NaN/],
    [{ test: "Check Out" }, /^name: "Check Out"/],
    [{ deadlineSeconds: 89.5 }, /^deadlineSeconds: 89\.5 is not a whole number/],
    [{ startDeadlineSeconds: 90 }, /^startDeadlineSeconds: 90 s leaves nothing of the 90 s/],
    [{ ttlSeconds: 5 }, /^ttlSeconds: 5 is too short/],
    [{ startSkewMs: -1 }, /^limits\.startSkewMs: -1/],
    [{ droppedIterationsRatio: 2 }, /^limits\.droppedIterationsRatio: 2 is not a share/],
    [{ env: { "A-B": "" } }, /^env\.A-B: "A-B" cannot name a variable/],
    [{ env: { PULUMI_K6_TOTALS: "" } }, /^env\.PULUMI_K6_TOTALS: names that start with PULUMI_K6_/],
  ];
  for (const [change, message] of bad) {
    it(`refuse ${JSON.stringify(change)}`, () => assert.match(problemsOf(change).join("\n"), message));
  }

  it("say all that is wrong at once", () => assert.equal(problemsOf({ runners: 0, ttlSeconds: 0, test: "" }).length, 3));

  it("are compared with what k6 says of the script", () => {
    const compared = (maxVUs: number, totalDurationSeconds: number) => {
      const problems = new Problems();
      checkInspection({ maxVUs, totalDurationSeconds }, good, problems);
      return problems.all.map(({ path, reason }) => `${path}: ${reason}`);
    };
    assert.deepEqual(compared(2, 90), []);
    assert.match(compared(1, 1).join(), /^runners: 2 runners for 1 VUs leaves some without work\. Use at most 1/);
    assert.match(
      compared(2, 90.5).join(),
      /^deadlineSeconds: 90 s ends before the script can: .* up to 90\.5 s.*Give at least 91 s/,
    );
  });
});
