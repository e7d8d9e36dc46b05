import { orUndefined, type Cluster } from "../kube/cluster";
import { retried } from "../kube/retry";
import { engineOf } from "./engines/engine";
import type { RunInputs } from "./types";

/** Removes everything of a run. Returns when no pod of it is left; what is gone already is fine. */
export async function removeRun(cluster: Cluster, inputs: RunInputs): Promise<void> {
  const { namespace, run } = inputs;
  await engineOf(cluster, inputs).remove();
  // Last, so that an interrupted removal leaves what says that this run was started.
  await retried(() => orUndefined(cluster.core.deleteNamespacedConfigMap({ namespace, name: run })));
}
