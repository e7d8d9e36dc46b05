import { orUndefined, statusOf, type Cluster } from "../kube/cluster";
import { retried } from "../kube/retry";
import { Follower, type Progress } from "./follow";
import { jobManifest, serviceManifest } from "./manifests";
import { observe } from "./observe";
import type { RunRecord } from "./record";
import { removeRun } from "./remove";
import type { RunInputs, RunState } from "./types";
import { RunWatch } from "./watch";

/**
 * Sees a run to its end: starts it where this call made its record, else attaches to it.
 *
 * It ends by its own clock, counted from here, whatever the cluster does: a start that does not come and runners that do not end are
 * stopped and named.
 */
export async function execute(cluster: Cluster, inputs: RunInputs, record: RunRecord, progress: Progress): Promise<RunState> {
  const { namespace, run } = inputs;
  if (record.mine) {
    await start(cluster, inputs, record);
  } else if ((await retried(() => orUndefined(cluster.batch.readNamespacedJob({ namespace, name: run })))) === undefined) {
    return goneState(inputs);
  } else {
    progress(`run ${run}: it was started before, attaching to it`);
  }
  const watch = await RunWatch.start(cluster, namespace, run);
  const log = new AbortController();
  try {
    return await new Follower(cluster, inputs, watch, record, progress, log.signal).toEnd();
  } finally {
    log.abort();
    await watch.stop();
  }
}

async function start(cluster: Cluster, inputs: RunInputs, { owner }: RunRecord): Promise<void> {
  const { namespace } = inputs;
  try {
    await created(() => cluster.core.createNamespacedService({ namespace, body: serviceManifest(inputs, owner) }));
    await created(() => cluster.batch.createNamespacedJob({ namespace, body: jobManifest(inputs, owner) }));
  } catch (error) {
    const status = statusOf(error);
    // The API server said no, so nothing runs and the next attempt may begin afresh. After any other error the Job may be there.
    if (status !== undefined && status < 500) {
      await removeRun(cluster, inputs);
    }
    throw error;
  }
}

/** Creates an object; one that is there is ours, left by an attempt whose answer was lost. */
async function created(request: () => Promise<unknown>): Promise<void> {
  try {
    await retried(request);
  } catch (error) {
    if (statusOf(error) !== 409) {
      throw error;
    }
  }
}

/** The run was started once and what it left is gone: it cannot be believed and must not be run again under this name. */
function goneState(inputs: RunInputs): RunState {
  const state = observe(inputs, { pods: [], deleted: new Set(), warnings: [] });
  const cause = `run ${inputs.run} was started before and its Job is gone, so nobody saw how it ended. Change trigger to run the test again.`;
  return { ...state, stage: "finished", causes: [cause] };
}
