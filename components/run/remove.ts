import { orUndefined, type Cluster } from "../kube/cluster";
import { retried } from "../kube/retry";
import { graceSeconds } from "./manifests";
import type { RunInputs } from "./types";
import { RunWatch } from "./watch";

// Beyond a pod's own grace: the kubelet reports and the API server forgets.
const extraSeconds = 60;

/** What names a run's objects. */
export type RunName = Pick<RunInputs, "namespace" | "run">;

/** Ends a run's load; its record stays. Returns when no pod of it is left. */
export async function removeJob(cluster: Cluster, name: RunName): Promise<void> {
  const { namespace, run } = name;
  await retried(() => orUndefined(cluster.batch.deleteNamespacedJob({ namespace, name: run, propagationPolicy: "Background" })));
  await noPodLeft(cluster, name);
}

/** Removes everything of a run. Returns when no pod of it is left; what is gone already is fine. */
export async function removeRun(cluster: Cluster, name: RunName): Promise<void> {
  const { namespace, run } = name;
  await removeJob(cluster, name);
  await retried(() => orUndefined(cluster.core.deleteNamespacedService({ namespace, name: run })));
  // Last, so that an interrupted removal leaves what says that this run was started.
  await retried(() => orUndefined(cluster.core.deleteNamespacedConfigMap({ namespace, name: run })));
}

async function noPodLeft(cluster: Cluster, { namespace, run }: RunName): Promise<void> {
  const watch = await RunWatch.start(cluster, namespace, run);
  const until = Date.now() + (graceSeconds + extraSeconds) * 1000;
  try {
    while (watch.present.length > 0) {
      const left = until - Date.now();
      if (left <= 0) {
        throw new Error(
          `run ${run}: ${watch.present.length} pods are still there ${graceSeconds + extraSeconds} s after their removal: ${watch.present.join(", ")}. ` +
            "Look whether their nodes are up; `kubectl delete pod --force` removes what a dead node holds.",
        );
      }
      await watch.changed(left);
    }
  } finally {
    await watch.stop();
  }
}
