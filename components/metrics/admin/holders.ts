import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { Cluster, type ClusterAccess } from "../../kube/cluster";
import { labelKeys } from "../../kube/labels";
import { isPassing } from "../../kube/retry";

/** Labels of a pod that works with a token: as long as there is one, the token is not revoked. */
export function holderLabels<Id extends pulumi.Input<string>>(tokenId: Id): Record<string, Id> {
  return { [labelKeys.storeToken]: tokenId };
}

/** Beyond the 45 s that a gateway has to write what it holds, milliseconds. */
const patience = { totalMs: 60_000, stepMs: 500 };

/**
 * Returns when no pod of a namespace works with a token any more: one that was told to end goes on for some seconds, and what it holds then is
 * lost where its token is revoked. Returns also after a minute, or where the cluster does not say: a token that shall go must go.
 */
export async function unheld(
  { namespace, ...access }: ClusterAccess & { namespace: string },
  tokenId: string,
  { totalMs, stepMs } = patience,
): Promise<void> {
  const labelSelector = `${labelKeys.storeToken}=${tokenId}`;
  const list = () => Cluster.connect(access).core.listNamespacedPod({ namespace, labelSelector });
  for (const until = Date.now() + totalMs; Date.now() < until; await sleep(stepMs)) {
    try {
      if ((await list()).items.length === 0) {
        return;
      }
    } catch (error) {
      // A server that is away is asked again, one that refuses is not.
      if (!isPassing(error)) {
        return;
      }
    }
  }
}
