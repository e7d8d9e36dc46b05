import { randomUUID } from "node:crypto";
import { PatchStrategy, setHeaderOptions, type V1ConfigMap, type V1OwnerReference } from "@kubernetes/client-node";
import { orUndefined, statusOf, type Cluster } from "../kube/cluster";
import { runnerLabels } from "../kube/labels";
import { retried } from "../kube/retry";
import type { BarrierLine } from "./barrier-line";
import type { RunPlace } from "./engines/let-end";
import { planDigest } from "./plan";
import type { RunInputs, RunResult } from "./types";

/** What is kept of a run in the cluster, in a ConfigMap of its name, from before its start until it is removed. */
export interface RunRecord {
  /** Whether this very call created it: then, and only then, its Job may be created. */
  mine: boolean;
  owner: V1OwnerReference;
  /** The start as the barrier reported it; the log that said so may be rotated away. */
  started?: BarrierLine & { "pulumi-k6": "started" };
  /** There once somebody stopped the run. */
  stopped?: StopNote;
  /** There once the run was judged. */
  result?: RunResult;
}

/** That a run was stopped before its end. */
export interface StopNote {
  /** Who did it and how, to follow "was stopped by", e.g. `an interrupt of pulumi up`. */
  by: string;
  /** ISO time. */
  at: string;
  /** What `abortWhen` saw of the target, where that is why. */
  distress?: string;
}

/**
 * Creates the run's record, or gives the one that is there.
 *
 * @throws when a record of this name belongs to another plan
 */
export async function claimRecord(cluster: Cluster, inputs: RunInputs): Promise<RunRecord> {
  const { namespace, run } = inputs;
  const plan = planDigest(inputs);
  // Tells our own creation, when its answer was lost and it is sent again, from somebody else's.
  const claim = randomUUID();
  const body = recordManifest(inputs, { plan, claim, engine: inputs.engine, createdAt: new Date().toISOString() });
  const record = await retried(async () => {
    try {
      return await cluster.core.createNamespacedConfigMap({ namespace, body });
    } catch (error) {
      if (statusOf(error) !== 409) {
        throw error;
      }
      return cluster.core.readNamespacedConfigMap({ namespace, name: run });
    }
  });
  if (record.data?.plan !== plan) {
    throw new Error(
      `run ${run}: ConfigMap ${namespace}/${run} is there and is not the record of this run. Delete it, or give the test another name or trigger.`,
    );
  }
  return { ...readRecord(record), mine: record.data.claim === claim };
}

/** Created first, so that a run starts at most once; owner of everything else. */
function recordManifest({ namespace, test, run }: RunInputs, data: Record<string, string>): V1ConfigMap {
  return { metadata: { name: run, namespace, labels: runnerLabels(test, run) }, data };
}

/** Notes the start, so that whoever attaches later knows of it. */
export function saveStart(cluster: Cluster, inputs: RunInputs, started: BarrierLine): Promise<void> {
  return save(cluster, inputs, { started: JSON.stringify(started) });
}

/** Notes the result: from now on the run is what it says, whatever becomes of its Job. */
export function saveResult(cluster: Cluster, inputs: RunInputs, result: RunResult): Promise<void> {
  return save(cluster, inputs, { result: JSON.stringify(result) });
}

/** Notes that somebody stops the run, so that whoever sees its end knows why. */
export function saveStop(cluster: Cluster, place: RunPlace, note: StopNote): Promise<void> {
  return save(cluster, place, { stopped: JSON.stringify(note) });
}

/** The note of a stop, if there is one. */
export async function readStop(cluster: Cluster, { namespace, run }: RunPlace): Promise<StopNote | undefined> {
  const record = await retried(() => orUndefined(cluster.core.readNamespacedConfigMap({ namespace, name: run })));
  return record === undefined ? undefined : readRecord(record).stopped;
}

// A merge patch: two calls may watch the same run, and neither must undo or hinder the other's note.
async function save(cluster: Cluster, { namespace, run }: RunPlace, data: Record<string, string>): Promise<void> {
  const asMerge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await retried(() => orUndefined(cluster.core.patchNamespacedConfigMap({ namespace, name: run, body: { data } }, asMerge)));
}

/** What a record holds. */
export function readRecord({ metadata, data = {} }: V1ConfigMap): Omit<RunRecord, "mine"> {
  return {
    owner: { apiVersion: "v1", kind: "ConfigMap", name: metadata?.name ?? "", uid: metadata?.uid ?? "" },
    ...(data.started === undefined ? {} : { started: JSON.parse(data.started) as RunRecord["started"] }),
    ...(data.stopped === undefined ? {} : { stopped: JSON.parse(data.stopped) as StopNote }),
    ...(data.result === undefined ? {} : { result: JSON.parse(data.result) as RunResult }),
  };
}
