import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { V1ConfigMap, V1Job, V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../../components/kube/cluster";
import type { RunResult } from "../../components/run/types";
import { killTree } from "./support/kill";
import { jobsOf, jobUid, objectsOf, seen } from "./support/objects";
import { endless, greedy } from "./support/scripts";
import { namespace, type GivenLoadTest } from "./support/settings";
import { freshLoadTest, labCluster, sharedStack } from "./support/shared";
import { ended, type LabStack } from "./support/stack";

describe("a load test that goes wrong in the lab", function () {
  this.timeout(120_000);
  let stack: LabStack;
  let cluster: Cluster;

  /** Names of runs that were there before a test. */
  let earlier: Set<string>;

  before(async () => {
    stack = await sharedStack();
    cluster = labCluster();
  });

  beforeEach(async () => (earlier = new Set(await jobsOf(cluster, "shop"))));

  describe("by missing a threshold", () => {
    let shop: GivenLoadTest;
    let first: RunResult;
    let uid: string | undefined;

    it("fails `pulumi up`, which says by how much and where to look", async () => {
      const thresholds = { http_req_duration: ["p(95)<100"], http_req_failed: ["rate<0.01"] };
      shop = await freshLoadTest(stack, { thresholds, env: { TARGET_QUERY: "delay=200ms" } });
      const { exitCode, output } = await stack.up({ shop });
      assert.notEqual(exitCode, 0);
      first = await stack.run();
      assert.equal(first.verdict, "fail", first.reasons.join(" "));
      assert.equal(first.reasons.length, 1, "only the missed one is a reason");
      assertFailureIsShown(output, first);
      const [, figure] = /p\(95\)<100 was missed: it is (\d+(?:\.\d+)?)/.exec(output) ?? [];
      assert.ok(Number(figure) >= 200, `the figure is there: ${figure}`);
    });

    it("still leaves outputs and the report", async () => {
      const { runs, verdicts, reportPaths } = await stack.outputs();
      assert.deepEqual([runs, verdicts], [{ shop: first.run }, { shop: "fail" }]);
      assert.ok(existsSync(reportPaths.shop));
    });

    it("fails again with the same verdict and without another run while nothing changes", async () => {
      uid = await jobUid(cluster, first.run);
      assert.ok(uid !== undefined);
      const { exitCode, output } = await stack.up({ shop });
      assert.notEqual(exitCode, 0);
      assertFailureIsShown(output, first);
      assert.deepEqual(await stack.run(), first);
      assert.equal(await jobUid(cluster, first.run), uid);
    });
  });

  describe("by losing a runner", () => {
    it("is invalid and names the pod that was deleted", async () => {
      const shop = await freshLoadTest(stack);
      const up = await stack.startUp({ shop });
      const run = await startedRun();
      const { metadata } = await podOf(run, 1);
      const pod = metadata?.name ?? "";
      await cluster.core.deleteNamespacedPod({ namespace, name: pod, gracePeriodSeconds: 0 });
      const { exitCode, output } = await ended(up);
      assert.notEqual(exitCode, 0);
      const result = await stack.run();
      assert.equal(result.verdict, "invalid");
      assert.ok(result.reasons.some((reason) => reason.includes(pod) && /runner 1 of 2 was lost/.test(reason)));
      assertFailureIsShown(output, result);
    });

    it("is invalid and names the pod that ran out of memory, with its limit", async () => {
      const shop = await freshLoadTest(stack, { script: await stack.script("greedy.js", greedy) });
      const { exitCode, output } = await stack.up({ shop });
      assert.notEqual(exitCode, 0);
      const result = await stack.run();
      assert.equal(result.verdict, "invalid");
      const { pod = "" } = result.runners[0];
      assert.ok(
        result.reasons.some((reason) => reason.includes(pod) && /want of memory \(limit 128Mi\)/.test(reason)),
        result.reasons.join(" "),
      );
      assertFailureIsShown(output, result);
    });
  });

  describe("by Pulumi being killed", () => {
    it("goes on when killed as the run is being started, and the next `pulumi up` judges that same run", async () => {
      const shop = await freshLoadTest(stack);
      const up = await stack.startUp({ shop });
      const job = await seen<V1Job>(cluster, "jobs", "pulumi-k6/test=shop", ({ metadata }) => !earlier.has(metadata?.name ?? ""));
      await kill(up);
      const run = job.metadata?.name ?? "";

      const next = await stack.up({ shop });
      assert.equal(next.exitCode, 0, next.output);
      const result = await stack.run();
      assert.deepEqual([result.run, result.verdict], [run, "pass"]);
      assert.equal(await jobUid(cluster, run), job.metadata?.uid);
      assert.deepEqual(await jobsOf(cluster, "shop"), [run]);
    });

    it("ends its load by the deadline when killed in the middle, and the next `pulumi up` judges that same run", async () => {
      const script = await stack.script("endless.js", endless);
      const shop = await freshLoadTest(stack, { script, deadlineSeconds: 15, startDeadlineSeconds: 10 });
      const up = await stack.startUp({ shop });
      const run = await startedRun();
      const uid = await jobUid(cluster, run);
      await kill(up);

      for (const index of [0, 1]) {
        const { status } = await seen<V1Pod>(cluster, "pods", podLabels(run, index), isOver, 30);
        const [container] = status?.containerStatuses ?? [];
        const lived = Date.parse(String(container.state?.terminated?.finishedAt)) - Date.parse(String(status?.startTime));
        assert.equal(status?.reason, "DeadlineExceeded");
        // The kubelet looks at deadlines every ten seconds at the latest; k6 then has its graceful stop.
        assert.ok(lived < 25_000, `runner ${index} lived for ${lived} ms`);
      }

      const next = await stack.up({ shop });
      assert.notEqual(next.exitCode, 0);
      assert.match(next.output, new RegExp(`stack ${stack.name} was left locked by Pulumi process \\d+, which is gone`));
      assert.doesNotMatch(next.output, /pending operations/, "nobody has to repair the stack");
      const result = await stack.run();
      assert.equal(result.run, run);
      assert.equal(result.verdict, "invalid");
      assert.match(result.reasons.join(" "), /stopped at its deadline of 15 s/);
      assertFailureIsShown(next.output, result);
      assert.equal(await jobUid(cluster, run), uid);
      assert.deepEqual(await jobsOf(cluster, "shop"), [run]);
    });

    it("leaves no run behind when the test is changed after it was killed in the middle", async () => {
      const script = await stack.script("endless.js", endless);
      const up = await stack.startUp({ shop: await freshLoadTest(stack, { script }) });
      const killed = await startedRun();
      await kill(up);

      const next = await stack.up({ shop: await freshLoadTest(stack) });
      assert.equal(next.exitCode, 0, next.output);
      const { run, verdict } = await stack.run();
      assert.equal(verdict, "pass");
      assert.deepEqual(await objectsOf(cluster, killed), []);
      assert.deepEqual(await jobsOf(cluster, "shop"), [run]);
    });

    async function kill(up: Awaited<ReturnType<LabStack["startUp"]>>): Promise<void> {
      // Drive, Pulumi, its language host, the program, and the process that conducts the run.
      assert.ok((await killTree(up.command.pid ?? 0)) >= 5);
      await up.command;
    }
  });

  /** Waits until the load of a run has begun that was not there before. @returns its name */
  async function startedRun(): Promise<string> {
    const isIt = ({ data, metadata }: V1ConfigMap) => data?.started !== undefined && !earlier.has(metadata?.name ?? "");
    const { metadata } = await seen<V1ConfigMap>(cluster, "configmaps", "pulumi-k6/test=shop,pulumi-k6/run", isIt);
    return metadata?.name ?? "";
  }

  function podOf(run: string, index: number): Promise<V1Pod> {
    return seen<V1Pod>(cluster, "pods", podLabels(run, index), () => true);
  }
});

function podLabels(run: string, index: number): string {
  return `pulumi-k6/run=${run},batch.kubernetes.io/job-completion-index=${index}`;
}

function isOver({ status }: V1Pod): boolean {
  return status?.phase === "Failed" || status?.phase === "Succeeded";
}

/** What a person must see of a run that did not pass, and what not. */
function assertFailureIsShown(output: string, { run, verdict, reasons }: RunResult): void {
  for (const text of [`run ${run}: verdict ${verdict}`, ...reasons, `result: file://`, `${run}.html`]) {
    assert.ok(output.includes(text), `"${text}" is missing in: ${output}`);
  }
  assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$/m, "no stack trace");
}
