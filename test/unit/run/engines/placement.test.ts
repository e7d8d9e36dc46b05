import assert from "node:assert/strict";
import { Problems } from "../../../../components/errors";
import { disruptionBudget } from "../../../../components/run/engines/disruption";
import { jobManifest } from "../../../../components/run/engines/job/manifests";
import { testRunManifest } from "../../../../components/run/engines/operator/manifests";
import { checkPlacement, placementFields, type Placement } from "../../../../components/run/engines/placement";
import { runInputs } from "../../../support/run-inputs";
import { operatorInputs } from "./facts";

const owner = { apiVersion: "v1", kind: "ConfigMap", name: "checkout-3f9a1c2e", uid: "u" };

const placement: Placement = {
  nodeSelector: { "example.com/pool": "load" },
  tolerations: [{ key: "pool", value: "load", effect: "NoSchedule" }, { operator: "Exists" }],
  affinity: { nodeAffinity: {} },
  priorityClassName: "load-tests",
};

describe("where runners may run", () => {
  it("is the same with both engines, and the spread over nodes stays", () => {
    const job = jobManifest(runInputs({ placement }), owner).spec!.template.spec!;
    const { runner } = testRunManifest({ ...operatorInputs, placement }, owner).spec as { runner: object };
    for (const pod of [job, runner] as Record<string, unknown>[]) {
      assert.deepEqual({ ...placement }, Object.fromEntries(Object.keys(placement).map((key) => [key, pod[key]])));
      assert.equal((pod["topologySpreadConstraints"] as object[]).length, 1);
    }
  });

  it("is anywhere when nothing is said", () => {
    assert.deepEqual(placementFields(), {});
    assert.ok(!("nodeSelector" in jobManifest(runInputs(), owner).spec!.template.spec!));
  });

  it("has no problem when it is right", () => assert.deepEqual(problemsOf(placement), []));

  const wrong: [string, Placement, RegExp][] = [
    ["a label's name", { nodeSelector: { "-pool": "load" } }, /^placement\.nodeSelector: "-pool" cannot be the name/],
    ["a label's value", { nodeSelector: { pool: "a b" } }, /^placement\.nodeSelector\.pool: "a b" cannot be the value/],
    ["an operator", { tolerations: [{ key: "a", operator: "In" }] }, /^placement\.tolerations\[0\]\.operator: "In" is not known/],
    ["an effect", { tolerations: [{ key: "a", effect: "Never" }] }, /^placement\.tolerations\[0\]\.effect: "Never" is not known/],
    ["a value beside Exists", { tolerations: [{ key: "a", operator: "Exists", value: "b" }] }, /\.value: "b" does not go with/],
    ["a taint without a name", { tolerations: [{ value: "b" }] }, /^placement\.tolerations\[0\]\.key: is missing/],
    ["a PriorityClass", { priorityClassName: "Load Tests" }, /^placement\.priorityClassName: "Load Tests" cannot be/],
  ];
  for (const [what, given, told] of wrong) {
    it(`is refused for ${what} that Kubernetes would refuse`, () => {
      const problems = problemsOf(given);
      assert.equal(problems.length, 1);
      assert.match(problems[0], told);
    });
  }
});

describe("the disruption budget of a run", () => {
  const { metadata, spec } = disruptionBudget(runInputs({ runners: 7 }), owner);

  it("lets none of its runners be evicted", () => assert.equal(spec?.minAvailable, 7));

  it("is about the runners of this run alone", () =>
    assert.deepEqual(spec?.selector?.matchLabels, jobManifest(runInputs(), owner).spec!.template.metadata!.labels));

  it("goes with the record", () => assert.deepEqual(metadata?.ownerReferences, [owner]));
});

function problemsOf(given: Placement): string[] {
  const problems = new Problems();
  checkPlacement(given, problems);
  return problems.all.map(({ path, reason }) => `${path}: ${reason}`);
}
