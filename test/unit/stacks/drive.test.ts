import assert from "node:assert/strict";
import { configFileOf, graceSeconds } from "../../../stacks/drive/arguments";
import { isAbandoned } from "../../../stacks/drive/lock";
import { withoutOurPending } from "../../../stacks/drive/pending";

describe("a stack's lock", () => {
  const here = { hostname: "here", isAlive: (pid: number) => pid === 1 };

  it("is abandoned when its process ran on this machine and is no more", () =>
    assert.equal(isAbandoned({ pid: 2, hostname: "here" }, here), true));

  it("is not abandoned while its process runs", () => assert.equal(isAbandoned({ pid: 1, hostname: "here" }, here), false));

  it("is not abandoned for all we know when it was taken on another machine", () =>
    assert.equal(isAbandoned({ pid: 2, hostname: "there" }, here), false));
});

describe("the state that an interrupted update left", () => {
  const pending = (resource: string, type: string) => ({ resource: { type: resource }, type });
  const state = (...operations: ReturnType<typeof pending>[]) => ({
    version: 3,
    deployment: { pending_operations: operations, resources: [1, 2] },
  });
  const run = "pulumi-nodejs:dynamic/pulumi-k6:LoadTestRun";

  it("loses the creations to which the next update attaches by itself, and nothing else", () => {
    const others = [pending("kubernetes:core/v1:Secret", "creating"), pending(run, "deleting")];
    assert.deepEqual(withoutOurPending(state(pending(run, "creating"), ...others)), state(...others));
  });

  it("is left alone where there is none of them", () => {
    assert.equal(withoutOurPending(state(pending("kubernetes:core/v1:Secret", "creating"))), undefined);
    assert.equal(withoutOurPending({ deployment: {} }), undefined);
  });
});

describe("arguments of make", () => {
  it("take a grace in seconds", () => assert.deepEqual(["0", "2.5", "30"].map(graceSeconds), [0, 2.5, 30]));

  for (const wrong of ["abc", "-5", "", "30s", "Infinity"]) {
    it(`refuse "${wrong}" as a grace`, () => assert.throws(() => graceSeconds(wrong), /no number of seconds/));
  }

  it("name the file of settings in two words or one", () => {
    assert.deepEqual(configFileOf(["--diff", "--config-file", "x.yaml", "-v"]), ["--config-file", "x.yaml"]);
    assert.deepEqual(configFileOf(["--diff", "--config-file=x.yaml", "-v"]), ["--config-file=x.yaml"]);
    assert.deepEqual(configFileOf(["--diff"]), []);
  });
});
