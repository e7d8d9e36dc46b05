import { statusOf, type Cluster } from "../kube/cluster";
import { engineOf, type Engine } from "./engines/engine";
import { Follower } from "./follow";
import { observe } from "./observe";
import type { Progress } from "./progress";
import type { RunRecord } from "./record";
import { removeRun } from "./remove";
import { stopCauses } from "./stop-request";
import type { RunInputs, RunState } from "./types";
import type { RunWatch } from "./watch";

/**
 * Sees a run to its end: starts it where this call made its record, else attaches to it.
 *
 * It ends by its own clock, counted from here, whatever the cluster does: a start that does not come and runners that do not end are
 * stopped and named.
 *
 * @param stop aborted with a `StopRequest` when it is to end before its time
 */
export async function execute(
  cluster: Cluster,
  inputs: RunInputs,
  record: RunRecord,
  progress: Progress,
  // One of its own for each run, which is never aborted: each listens to it.
  stop: AbortSignal = new AbortController().signal,
): Promise<RunState> {
  const engine = engineOf(cluster, inputs);
  if (!record.mine && !(await engine.isThere())) {
    return goneState(inputs, record);
  }
  const watch = record.mine ? await started(cluster, inputs, engine, record) : await engine.watch();
  if (!record.mine) {
    progress(`run ${inputs.run}: it was started before, attaching to it`);
  }
  const log = new AbortController();
  try {
    return await new Follower(cluster, inputs, engine, watch, record, progress, log.signal, stop).toEnd();
  } finally {
    log.abort();
    await watch.stop();
  }
}

async function started(cluster: Cluster, inputs: RunInputs, engine: Engine, { owner }: RunRecord): Promise<RunWatch> {
  let watch: RunWatch | undefined;
  try {
    watch = await engine.watch();
    await engine.start(owner);
    return watch;
  } catch (error) {
    await watch?.stop();
    const status = statusOf(error);
    // The API server said no, or was not asked, so nothing runs and the next attempt may begin afresh. After any other error the run may be there.
    if (watch === undefined || (status !== undefined && status < 500)) {
      await removeRun(cluster, inputs);
    }
    throw error;
  }
}

/** The run was started once and what it left is gone: it cannot be believed and must not be run again under this name. */
function goneState(inputs: RunInputs, { stopped: note }: RunRecord): RunState {
  const state = observe(inputs, { pods: [], deleted: new Set(), warnings: [] });
  const cause = `run ${inputs.run} was started before and what it left is gone, so nobody saw how it ended. Change trigger to run the test again.`;
  return { ...state, stage: "finished", causes: [...stopCauses(inputs, state, note), cause] };
}
