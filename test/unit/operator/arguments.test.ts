import assert from "node:assert/strict";
import { checkOperatorArgs, versionOf } from "../../../components/operator/arguments";
import type { K6OperatorArgs } from "../../../components/operator/operator";
import { ArgumentError } from "../../../components/errors";

const digestOnly = `mirror/k6-operator@sha256:${"0a".repeat(32)}`;

function problemsOf(args: Omit<K6OperatorArgs, "namespace">): string[] {
  try {
    checkOperatorArgs("op", { namespace: "load", ...args });
    return [];
  } catch (error) {
    assert.ok(error instanceof ArgumentError);
    return error.problems.map(({ path, reason }) => `${path}: ${reason}`);
  }
}

describe("the arguments of an operator", () => {
  it("are all told at once when they are wrong", () => {
    const problems = problemsOf({
      image: "k6-operator:latest",
      starterImage: "k6-operator:latest-starter",
      replicas: 0,
      expectedRunners: 1.5,
      readySeconds: -1,
      watchNamespaces: [],
    });
    assert.deepEqual(
      problems.map((problem) => problem.split(":")[0]),
      ["watchNamespaces", "image", "replicas", "expectedRunners", "starterImage", "readySeconds"],
    );
  });

  it("may be left out, or say a digest with its version", () => {
    assert.deepEqual(problemsOf({}), []);
    assert.deepEqual(problemsOf({ image: digestOnly, version: "1.6.0" }), []);
  });

  it("must say a version that the image does not tell, and no other than the one it tells", () => {
    assert.match(problemsOf({ image: digestOnly })[0], /^version: is missing/);
    assert.match(
      problemsOf({ image: "op:controller-v1.6.0", version: "1.7.0" })[0],
      /^version: is "1.7.0", but the image's tag says 1.6.0/,
    );
    assert.match(problemsOf({ image: "op:controller-v1.5.0" })[0], /^image: k6-operator 1.5.0 is not supported/);
    assert.match(problemsOf({ image: digestOnly, version: "2.0.0" })[0], /^version: k6-operator 2.0.0 is not supported/);
  });

  it("name namespaces once, and not beside the whole cluster", () => {
    assert.match(problemsOf({ watchNamespaces: ["a", "b", "a"] })[0], /has "a" twice/);
    assert.match(problemsOf({ watch: "cluster", watchNamespaces: ["a"] })[0], /says less than/);
    assert.match(problemsOf({ watch: "all" as "cluster" })[0], /"all" is not known/);
  });

  it("leave an adopted operator to whoever installed it", () => {
    const ours = { watchNamespaces: ["a"], readySeconds: 5, starterImage: "mirror/starter:1", networkPolicies: true };
    assert.deepEqual(problemsOf({ adopt: true, ...ours }), []);
    assert.deepEqual(
      problemsOf({ adopt: true, image: "x:1.6.0", replicas: 2, manageCrds: false }).map((problem) => problem.split(":")[0]),
      ["image", "replicas", "manageCrds"],
    );
  });
});

describe("the version of an operator", () => {
  it("is what is told, else what the tag says", () => {
    assert.equal(versionOf({ image: digestOnly, version: "1.8.0" }), "1.8.0");
    assert.equal(versionOf({ image: "op:controller-v1.7.0" }), "1.7.0");
  });
});
