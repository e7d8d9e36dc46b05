import assert from "node:assert/strict";
import { ApiException, type V1Job, type V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../../../../components/kube/cluster";
import { JobEngine } from "../../../../components/run/engines/job/engine";
import type { RunFacts } from "../../../../components/run/observe";
import { runInputs } from "../../../support/run-inputs";

const inputs = runInputs();
const { run } = inputs;

describe("a run's Job that is deleted before the start", () => {
  // It is not asked here.
  const engine = new JobEngine({} as Cluster, inputs);
  const suspect = (jobs: V1Job[], pods: V1Pod[] = []) =>
    engine.suspect({ jobs, pods, deleted: new Set(), warnings: [] }).flatMap(({ cause }) => cause ?? []);
  const gone = { metadata: { name: run, deletionTimestamp: new Date() } };
  const pending = { metadata: { name: `${run}-0-x` }, status: { phase: "Pending" } };

  it("ends the run at once where no pod can tell of it", () => {
    assert.deepEqual(suspect([gone]), [
      `run ${run} was ended: somebody deleted its Job before it had a pod. Change trigger to run the test again.`,
    ]);
  });

  it("is left to its pods where there are some, and is no other Job", () => {
    assert.deepEqual(suspect([gone], [pending]), []);
    assert.deepEqual(suspect([{ metadata: { name: run } }]), []);
    assert.deepEqual(suspect([{ metadata: { ...gone.metadata, name: `${run}-heal-1` } }]), []);
  });
});

describe("a lost runner whose part the cluster lets nobody take over", () => {
  it("is asked for once, and the refusal is kept", async () => {
    const body = JSON.stringify({
      message:
        'jobs.batch "x" is forbidden: exceeded quota: few, requested: count/jobs.batch=1, used: count/jobs.batch=1, limited: count/jobs.batch=1',
    });
    let asked = 0;
    const createNamespacedJob = () => Promise.reject(new ApiException(403, "", body, {})).finally(() => asked++);
    const healing = runInputs({ heal: { maxGapSeconds: 20 }, load: { vus: 4, duration: "1m" } });
    const engine = new JobEngine({ batch: { createNamespacedJob } } as unknown as Cluster, healing);
    const pod = (index: number, status: object): V1Pod => ({
      metadata: { name: `${run}-${index}-x`, annotations: { "batch.kubernetes.io/job-completion-index": `${index}` } },
      status,
    });
    const ended = { state: { terminated: { exitCode: 105, finishedAt: new Date() } }, name: "k6" };
    const facts = {
      ...{ jobs: [{ metadata: { name: run, uid: "u" } }], warnings: [], deleted: new Set([`${run}-1-x`]) },
      pods: [pod(0, { phase: "Running" }), pod(1, { phase: "Failed", containerStatuses: [ended] })],
      barrier: { "pulumi-k6": "started" as const, at: Date.now() - 5000, skewMs: 1 },
    } as unknown as RunFacts;
    await engine.tend(facts);
    await engine.tend(facts);
    assert.equal(asked, 1);
    assert.match(engine.learned().refusedHeals?.get(1) ?? "", /^quota few of namespace \S+ allows 1 /);
  });
});
