import type { V1OwnerReference, V1PodDisruptionBudget } from "@kubernetes/client-node";
import { type Cluster, orUndefined, statusOf } from "../../kube/cluster";
import { runnerLabels } from "../../kube/labels";
import { retried } from "../../kube/retry";
import type { RunInputs } from "../types";
import { created } from "./create";

/**
 * Lets nobody evict a runner while it runs: a drained node waits until the runners on it end, at their deadline at the latest.
 *
 * A number of pods, since Kubernetes can tell no share of the pods of a Job, and with `maxUnavailable` would find none.
 */
export function disruptionBudget(inputs: RunInputs, owner: V1OwnerReference): V1PodDisruptionBudget {
  const { namespace, test, run, runners } = inputs;
  const labels = runnerLabels(test, run);
  return {
    metadata: { name: run, namespace, labels, ownerReferences: [owner] },
    spec: { minAvailable: runners, selector: { matchLabels: labels } },
  };
}

/** Before the runners are there. */
export async function forbidEviction(cluster: Cluster, inputs: RunInputs, owner: V1OwnerReference): Promise<void> {
  const { namespace } = inputs;
  await created(() => cluster.policy.createNamespacedPodDisruptionBudget({ namespace, body: disruptionBudget(inputs, owner) }));
}

/** When no runner is left. Who lacks the right leaves it to the garbage collector: it goes with the run's record. */
export async function allowEviction(cluster: Cluster, { namespace, run }: Pick<RunInputs, "namespace" | "run">): Promise<void> {
  try {
    await retried(() => orUndefined(cluster.policy.deleteNamespacedPodDisruptionBudget({ namespace, name: run })));
  } catch (error) {
    if (statusOf(error) !== 403) {
      throw error;
    }
  }
}
