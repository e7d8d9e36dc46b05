import type { Cluster } from "../../kube/cluster";
import type { RunInputs } from "../types";
import { RunWatch } from "../watch";
import { graceSeconds } from "./pod-parts";

// Beyond a pod's own grace: the kubelet reports and the API server forgets.
const extraSeconds = 60;

/** Returns when no pod of a run is left. @throws when some are still there long after their grace */
export async function podsGone(cluster: Cluster, name: Pick<RunInputs, "namespace" | "run">): Promise<void> {
  const watch = await RunWatch.start(cluster, name);
  const until = Date.now() + (graceSeconds + extraSeconds) * 1000;
  try {
    while (watch.present.length > 0) {
      const left = until - Date.now();
      if (left <= 0) {
        throw new Error(
          `run ${name.run}: ${watch.present.length} pods are still there ${graceSeconds + extraSeconds} s after their removal: ${watch.present.join(", ")}. ` +
            "Look whether their nodes are up; `kubectl delete pod --force` removes what a dead node holds.",
        );
      }
      await watch.changed(left);
    }
  } finally {
    await watch.stop();
  }
}
