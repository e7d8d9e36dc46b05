import assert from "node:assert/strict";
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../../../../components/kube/cluster";
import { JobEngine } from "../../../../components/run/engines/job/engine";
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
