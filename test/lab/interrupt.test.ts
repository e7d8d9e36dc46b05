import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { runnerProcesses, runnersGone } from "./guarantees/processes";
import { jobUid, seen } from "./support/objects";
import { endless } from "./support/scripts";
import { freshLoadTest, labCluster, sharedStack } from "./support/shared";
import { ended, type LabStack } from "./support/stack";

describe("^C during `make up`", function () {
  this.timeout(180_000);
  let stack: LabStack;

  before(async () => {
    stack = await sharedStack();
  });

  /** What a terminal does at ^C: Pulumi, and whoever called it, get the signal; Pulumi's providers are apart. */
  function pressInterrupt(up: Awaited<ReturnType<LabStack["startUp"]>>): void {
    process.kill(-(up.command.pid ?? NaN), "SIGINT");
  }

  it("lets the run go on at the first, stops it at the second, and the next `make up` says so without a second run", async () => {
    const cluster = labCluster();
    const shop = await freshLoadTest(stack, { script: await stack.script("endless.js", endless) });
    const earlier = new Set(
      (await cluster.core.listNamespacedConfigMap({ namespace: "load-tests-shows", labelSelector: "pulumi-k6/run" })).items.map(
        ({ metadata }) => metadata?.name,
      ),
    );
    const up = await stack.startUp({ shop });
    const isStarted = ({ data, metadata }: V1ConfigMap) => data?.started !== undefined && !earlier.has(metadata?.name);
    const record = await seen<V1ConfigMap>(cluster, "configmaps", "pulumi-k6/test=shop,pulumi-k6/run", isStarted, 120);
    const run = record.metadata?.name ?? "";
    const uid = await jobUid(cluster, run);

    pressInterrupt(up);
    await sleep(3000);
    assert.equal((await runnerProcesses(run)).length, 2, "the run goes on after the first ^C");
    const at = Date.now();
    pressInterrupt(up);
    const gone = await runnersGone(at + 30_000, run);
    const { exitCode, output } = await ended(up);
    console.log(
      `      runners gone ${gone === undefined ? "never" : gone - at} ms after the second ^C, the command after ${Date.now() - at} ms`,
    );
    assert.notEqual(exitCode, 0);
    assert.ok(gone !== undefined && gone - at < 10_000, output);
    assert.match(output, new RegExp(`stack ${stack.name}: interrupted; none of its load goes on`));

    const next = await stack.up({ shop });
    assert.notEqual(next.exitCode, 0);
    assert.doesNotMatch(next.output, /pending operations/);
    const { verdict, reasons } = await stack.run();
    assert.equal(verdict, "invalid");
    assert.match(reasons[0], new RegExp(`run ${run} was stopped by (an interrupt of Pulumi \\(SIGINT\\)|a second \\^C) at`));
    // Of the two who stop it, Pulumi's provider leaves the Job and the command deletes it; another would be a second run.
    assert.ok([uid, undefined].includes(await jobUid(cluster, run)));
  });
});
