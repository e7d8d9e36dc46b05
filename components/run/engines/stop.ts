import { orUndefined, type Cluster } from "../../kube/cluster";
import { labelKeys } from "../../kube/labels";
import { retried } from "../../kube/retry";
import { TestRuns } from "../../kube/test-runs";
import type { EngineName } from "../types";
import { letRunnersEnd, type RunPlace } from "./let-end";
import { podsGone } from "./pods-gone";

/** Seconds for k6 to end by itself when a run's resource is deleted; after them its pods have their own grace. */
export const removalGraceSeconds = 10;

const deletions: Record<EngineName, (cluster: Cluster, place: RunPlace) => Promise<void>> = {
  job: async (cluster, { namespace, run }) => {
    await retried(() =>
      orUndefined(cluster.batch.deleteNamespacedJob({ namespace, name: run, propagationPolicy: "Background" })),
    );
  },
  operator: async (cluster, { namespace, run }) => {
    await retried(() => new TestRuns(cluster).delete(namespace, run));
    const labelSelector = `${labelKeys.run}=${run}`;
    // Not left to the garbage collector alone, which may need half a minute to learn of the kind.
    await retried(() =>
      cluster.batch.deleteCollectionNamespacedJob({ namespace, labelSelector, propagationPolicy: "Background" }),
    );
    await retried(() => cluster.core.deleteCollectionNamespacedService({ namespace, labelSelector }));
  },
};

/**
 * Ends a run's load: asks k6 and waits up to `graceSeconds` (0: does not ask), then deletes what runs. Its record stays. Returns when no pod
 * is left.
 */
export async function stopEngine(cluster: Cluster, engine: EngineName, place: RunPlace, graceSeconds: number): Promise<void> {
  await letRunnersEnd(cluster, place, graceSeconds);
  await deletions[engine](cluster, place);
  await podsGone(cluster, place);
}
