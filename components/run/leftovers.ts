import type { Cluster } from "../kube/cluster";
import { labelKeys } from "../kube/labels";
import { retried } from "../kube/retry";
import { engineName } from "./engines/engine";
import type { Progress } from "./progress";
import { removeRun } from "./remove";
import type { EngineName, RunInputs } from "./types";

/**
 * Removes earlier runs of the same test that nobody will: when Pulumi was killed during a run and the test has changed since, that run is
 * in no state, so no deletion comes for it, and it would go on beside the new one.
 */
export async function removeLeftovers(cluster: Cluster, inputs: RunInputs, progress: Progress): Promise<void> {
  const { namespace, test, run } = inputs;
  const labelSelector = `${labelKeys.test}=${test},${labelKeys.run},${labelKeys.run}!=${run}`;
  const { items } = await retried(() => cluster.core.listNamespacedConfigMap({ namespace, labelSelector }));
  for (const { metadata, data } of items) {
    const left = metadata?.name ?? "";
    progress(`run ${run}: removing ${left}, which an interrupted update left behind`);
    await removeRun(cluster, { ...inputs, run: left, engine: engineName({ engine: data?.engine as EngineName | undefined }) });
  }
}
