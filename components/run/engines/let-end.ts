import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../../kube/cluster";
import { labelKeys, roleLabels } from "../../kube/labels";
import { openPodTunnel } from "../../kube/tunnel";
import type { RunInputs } from "../types";
import { RunWatch } from "../watch";
import { apiPort } from "./pod-parts";

/** By what a run is found in the cluster. */
export type RunPlace = Pick<RunInputs, "namespace" | "run">;

// Each is a connection through the API server to a node.
const askedAtOnce = 50;
const answerMs = 5000;

/**
 * Asks k6 in every runner to stop (iterations end at once, `teardown()` runs, samples are written, exit code 103), and returns when all have
 * ended, or after the grace. What they leave (exit codes, totals, logs) is there to be read then. A runner that cannot be asked is left to
 * whoever deletes its pod.
 */
export async function letRunnersEnd(cluster: Cluster, place: RunPlace, graceSeconds: number): Promise<void> {
  if (graceSeconds <= 0) {
    return;
  }
  const until = Date.now() + graceSeconds * 1000;
  let watch: RunWatch;
  try {
    watch = await RunWatch.start(cluster, place);
  } catch {
    // To ask is a favour: who calls deletes what goes on, and that tells of a cluster that cannot be reached.
    return;
  }
  try {
    const running = () => watch.facts().pods.filter((pod) => watch.present.includes(nameOf(pod)) && isRunningRunner(pod));
    await inBatches(running(), until, (pod, ms) => ask(cluster, place.namespace, nameOf(pod), ms));
    while (running().length > 0 && Date.now() < until) {
      await watch.changed(until - Date.now());
    }
  } finally {
    await watch.stop();
  }
}

/** Whether k6 may be at work in a pod. */
export function isRunningRunner({ metadata, status }: V1Pod): boolean {
  return metadata?.labels?.[labelKeys.role] === roleLabels("runner")[labelKeys.role] && status?.phase === "Running";
}

async function ask(cluster: Cluster, namespace: string, pod: string, timeoutMs: number): Promise<void> {
  try {
    const tunnel = await openPodTunnel(cluster, { namespace, pod, port: apiPort });
    try {
      await fetch(`${tunnel.url}/v1/status`, {
        method: "PATCH",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ data: { type: "status", id: "default", attributes: { stopped: true } } }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } finally {
      await tunnel.close();
    }
  } catch {
    // It has just ended, or is not to be reached: the end of its pod ends it.
  }
}

/** Acts on all, some at once, as long as there is time: each is told how many milliseconds it has. */
export async function inBatches<T>(
  items: readonly T[],
  until: number,
  act: (item: T, timeoutMs: number) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined && Date.now() < until; item = left.shift()) {
      await act(item, Math.min(answerMs, until - Date.now()));
    }
  };
  await Promise.all(Array.from({ length: Math.min(askedAtOnce, items.length) }, worker));
}

function nameOf({ metadata }: V1Pod): string {
  return metadata?.name ?? "";
}
