import assert from "node:assert/strict";
import type { V1JobStatus } from "@kubernetes/client-node";
import { statusOf } from "../../../components/kube/cluster";
import { layoutOf } from "../../../components/run/engines/layout";
import { isOver } from "../../../components/run/observe";
import type { RunInputs, RunState } from "../../../components/run/types";
import { Bench } from "./bench";
import { lasting, talking } from "./scripts";

describe("engine job, beyond the contract of engines", function () {
  this.timeout(120_000);
  const bench = new Bench(`job-${Date.now().toString(36)}`, "job");
  const { namespace } = bench;

  before(() => bench.open());
  after(() => bench.close());

  /** Asks for the eviction of runner 1, as a drain of its node does; gives the status of a refusal. */
  async function evict(inputs: RunInputs): Promise<number | undefined> {
    const pods = await bench.runnerPods(inputs);
    const name = pods.find((pod) => layoutOf("job").indexOf(inputs.run, pod) === 1)!.metadata!.name!;
    try {
      await bench.cluster.core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
      return undefined;
    } catch (error) {
      return statusOf(error);
    }
  }

  /** What the Job says of itself once its controller has counted all of it. */
  async function statusAtEnd({ run }: RunInputs): Promise<V1JobStatus> {
    for (;;) {
      const { status } = await bench.cluster.batch.readNamespacedJob({ namespace, name: run });
      if (status?.conditions?.some(({ type }) => type === "Failed" || type === "Complete")) {
        return status;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  it("lets nobody evict a runner while it runs, and no longer than that", async () => {
    const inputs = await bench.inputs(lasting);
    const running = bench.execute(inputs);
    await bench.said(inputs.run, /running 2\/2/);
    assert.equal(await evict(inputs), 429);
    const { runners } = await running;
    assert.deepEqual(
      runners.map(({ state }) => state),
      ["succeeded", "succeeded"],
    );
    assert.equal(await evict(inputs), undefined);
    await bench.remove(inputs);
    assert.deepEqual(await bench.objectsOf(inputs), []);
  });

  it("makes no other pod for a runner that is evicted in spite of that, and keeps the reason", async () => {
    const inputs = await bench.inputs(lasting.replace('"4s"', '"8s"'));
    const running = bench.execute(inputs);
    await bench.said(inputs.run, /running 2\/2/);
    await bench.cluster.policy.deleteNamespacedPodDisruptionBudget({ namespace, name: inputs.run });
    assert.equal(await evict(inputs), undefined);
    const { runners } = await running;
    assert.deepEqual(
      runners.map(({ state }) => state),
      ["succeeded", "lost"],
    );
    assert.match(runners[1].cause ?? "", /evicted/);
    const { failedIndexes, failed } = await statusAtEnd(inputs);
    assert.deepEqual([failedIndexes, failed], ["1", 1]);
    // The evicted one went when it had ended; none came for it.
    assert.equal((await bench.runnerPods(inputs)).length, 1);
    await bench.remove(inputs);
  });

  for (const [what, placement, named] of [
    ["a node with a label that none has", { nodeSelector: { pool: "load" } }, /didn't match Pod's node affinity\/selector/],
    ["a PriorityClass that is not there", { priorityClassName: "absent" }, /no PriorityClass with name absent was found/],
  ] as const) {
    it(`names ${what}`, async () => {
      const inputs = await bench.inputs(lasting, { placement, startDeadlineSeconds: 10 });
      const { runners } = await bench.execute(inputs);
      assert.match(runners.map(({ cause }) => cause).join("\n"), named);
      await bench.remove(inputs);
    });
  }

  it("runs where its placement says, beside other tolerations and preferences", async () => {
    const [{ metadata }] = (await bench.cluster.core.listNode()).items;
    const placement = {
      nodeSelector: { "kubernetes.io/hostname": metadata!.name! },
      tolerations: [{ key: "pool", operator: "Equal", value: "load", effect: "NoSchedule" }],
      priorityClassName: "system-cluster-critical",
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: "pool", operator: "In", values: ["load"] }] } },
          ],
        },
      },
    };
    const inputs = await bench.inputs(lasting, { placement });
    const { runners } = await bench.execute(inputs);
    assert.ok(runners.every(({ state, node }) => state === "succeeded" && node === metadata!.name));
    const [{ spec }] = await bench.runnerPods(inputs);
    assert.equal(spec!.priorityClassName, placement.priorityClassName);
    assert.ok(spec!.tolerations!.some(({ key }) => key === "pool"));
    const [{ preference }] = spec!.affinity!.nodeAffinity!.preferredDuringSchedulingIgnoredDuringExecution!;
    assert.deepEqual(
      preference.matchExpressions?.map(({ key, values }) => [key, values]),
      [["pool", ["load"]]],
    );
    await bench.remove(inputs);
  });

  describe("with healing", () => {
    let inputs: RunInputs;
    let state: RunState;
    let sayings: string[];

    before(async () => {
      // The load of the script is given beside it, so that its rest can be told.
      const script = talking.replace(/export const options.*/, "").replace("http.get(__ENV.TARGET_URL);\n  sleep", "sleep");
      const load = { vus: 4, duration: "28s" };
      inputs = await bench.inputs(script, { load, heal: { maxGapSeconds: 25 } });
      const running = bench.execute(inputs);
      await bench.said(inputs.run, /running 2\/2/);
      const pods = await bench.runnerPods(inputs);
      const lost = pods.find((pod) => layoutOf("job").indexOf(inputs.run, pod) === 1)!;
      await bench.cluster.core.deleteNamespacedPod({ namespace, name: lost.metadata!.name! });
      state = await running;
      sayings = await bench.sayings(inputs);
    });
    after(() => bench.remove(inputs));

    it("restarts a lost runner once, which ends with the others, and tells the gap", () => {
      const [first, second] = state.runners;
      assert.deepEqual(
        [first.state, second.state, second.cause],
        ["succeeded", "succeeded", undefined],
        JSON.stringify(state.runners),
      );
      const { gapSeconds = NaN, cause } = second.healed!;
      console.log(`      gap ${gapSeconds} s`);
      assert.ok(gapSeconds >= 9 && gapSeconds <= 14, `${gapSeconds} s`);
      assert.match(cause, /^runner 1 of 2 was lost: pod \S+ was deleted/);
      assert.ok(Math.abs(Date.parse(second.finishedAt!) - Date.parse(first.finishedAt!)) <= 3000, JSON.stringify(state.runners));
      // Of both of its pods: all of the time but the gap.
      const missing = (first.totals!.durationMs - second.totals!.durationMs) / 1000;
      assert.ok(Math.abs(missing - gapSeconds) <= 2, `${missing} s of load are missing, the gap is ${gapSeconds} s`);
    });

    it("gives the one that takes over its VUs and what setup() made, and calls neither setup() nor teardown() again", () => {
      assert.deepEqual(
        sayings.filter((saying) => !saying.startsWith("vu ")),
        ["setup", "teardown handed out"],
      );
      // Of the lost one nothing can be asked any more.
      assert.deepEqual(
        sayings.filter((saying) => saying.startsWith("vu ")).sort(),
        Array.from({ length: 4 }, (_, i) => `vu ${i + 1} handed out`),
      );
    });
  });

  it("starts 30 runners together and loses none", async () => {
    // 30 of them do not fit two cores otherwise.
    const resources = { cpu: "40m", memory: "96Mi" };
    const script = lasting.replace("vus: 4", "vus: 30");
    const inputs = await bench.inputs(script, { runners: 30, resources, deadlineSeconds: 110, startDeadlineSeconds: 80 });
    const { runners, startSkewMs } = await bench.execute(inputs);
    assert.ok(
      runners.every((runner) => isOver(runner) && runner.exitCode === 0),
      JSON.stringify(runners),
    );
    console.log(`      start skew ${startSkewMs} ms`);
    await bench.remove(inputs);
    assert.deepEqual(await bench.objectsOf(inputs), []);
  });
});
