import { setTimeout as sleep } from "node:timers/promises";
import type { CoreV1Event, V1Job, V1Pod } from "@kubernetes/client-node";
import { Problems } from "../errors";
import { orUndefined, statusOf, type Cluster } from "../kube/cluster";
import { retried } from "../kube/retry";
import { refusal } from "./diagnose/refusal";
import { waitingCause } from "./diagnose/waiting";
import { podsGone } from "./engines/pods-gone";
import type { Progress } from "./progress";
import { inspectionIn } from "./inspect-answer";
import { inspectionJob, inspectionName } from "./inspect-job";
import type { InspectionResult } from "./inspection";
import { checkInspection } from "./plan";
import type { RunInputs } from "./types";
import { RunWatch } from "./watch";

// What keeps the pod from coming up may pass; longer than this it is left to the runners, which tell of it better.
const patienceMs = 3000;

/**
 * Asks k6 in the cluster about the script of a run that is yet to be started, where no k6 was asked before: a script on a volume or in an
 * image, variables that only come with `pulumi up`, or a machine without k6.
 *
 * @throws {ArgumentError} when the script cannot be loaded, or does not fit runners and deadline; nothing is left then
 */
export async function askBeforeRun(cluster: Cluster, inputs: RunInputs, progress: Progress): Promise<void> {
  const { namespace, run, test } = inputs;
  if (inputs.inspected || (await isStarted(cluster, inputs))) {
    return;
  }
  progress(`run ${run}: asking k6 in the cluster what the script needs`);
  const asked = await inspectInCluster(cluster, inputs);
  if ("cause" in asked) {
    progress(`run ${run}: k6 could not be asked (${asked.cause}); going on without`);
    return;
  }
  const problems = new Problems();
  if (asked.result !== undefined && "refusal" in asked.result) {
    problems.add("script", asked.result.refusal);
  } else if (asked.result !== undefined) {
    checkInspection(asked.result.inspection, inputs, problems);
  }
  if (problems.all.length > 0) {
    await podsGone(cluster, { namespace, run: inspectionName(run) });
  }
  problems.throwIfAny(`load test ${test}`);
}

async function isStarted(cluster: Cluster, { namespace, run }: RunInputs): Promise<boolean> {
  return (await retried(() => orUndefined(cluster.core.readNamespacedConfigMap({ namespace, name: run })))) !== undefined;
}

/** What k6 said in a pod like a runner's; or why there was no such pod. */
async function inspectInCluster(cluster: Cluster, inputs: RunInputs): Promise<{ result: InspectionResult } | { cause: string }> {
  const { namespace } = inputs;
  const name = inspectionName(inputs.run);
  const watch = await RunWatch.start(cluster, { namespace, run: name });
  try {
    const job = await createAnew(cluster, inspectionJob(inputs), inputs.startDeadlineSeconds);
    if (job === undefined) {
      return { cause: `an earlier Job ${name} is still there ${inputs.startDeadlineSeconds} s after its removal` };
    }
    const pod = await ended(watch, job, inputs.startDeadlineSeconds);
    if ("cause" in pod) {
      return pod;
    }
    const log = await retried(() => cluster.core.readNamespacedPodLog({ namespace, name: pod.name }));
    return { result: inspectionIn(log, inputs) };
  } finally {
    await watch.stop();
    await removeJob(cluster, namespace, name);
  }
}

/** Waits for the pod of a Job to end. */
async function ended(watch: RunWatch, job: V1Job, deadlineSeconds: number): Promise<{ name: string } | { cause: string }> {
  const until = Date.now() + deadlineSeconds * 1000;
  let held: { since: number; cause: string } | undefined;
  for (;;) {
    const { pods, warnings } = watch.facts();
    const pod = pods.find(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
    if (pod !== undefined && hasEnded(pod)) {
      return { name: pod.metadata?.name ?? "" };
    }
    const cause = causeOf(job, pod, warnings);
    held = cause === undefined ? undefined : { since: held?.since ?? Date.now(), cause };
    const left = Math.min(until, held === undefined ? Infinity : held.since + patienceMs) - Date.now();
    if (left <= 0) {
      return { cause: held?.cause ?? `Job ${job.metadata?.name} did not end within ${deadlineSeconds} s` };
    }
    await watch.changed(left);
  }
}

function hasEnded({ status }: V1Pod): boolean {
  return status?.containerStatuses?.[0]?.state?.terminated !== undefined;
}

function causeOf({ metadata }: V1Job, pod: V1Pod | undefined, warnings: readonly CoreV1Event[]): string | undefined {
  // An earlier Job of this name may have left some.
  const ours = warnings.filter(({ involvedObject }) => [metadata?.uid, pod?.metadata?.uid].includes(involvedObject.uid));
  return pod === undefined ? refusal(metadata?.name ?? "", ours) : waitingCause(pod, ours);
}

/** Creates a Job in the place of one that a Pulumi left behind which was killed; `undefined` where that one does not go in time. */
export async function createAnew(cluster: Cluster, body: V1Job, seconds: number): Promise<V1Job | undefined> {
  const { name = "", namespace = "" } = body.metadata ?? {};
  const until = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await retried(() => cluster.batch.createNamespacedJob({ namespace, body }));
    } catch (error) {
      if (statusOf(error) !== 409) {
        throw error;
      }
      if (Date.now() >= until) {
        return undefined;
      }
      await removeJob(cluster, namespace, name);
      await sleep(200);
    }
  }
}

async function removeJob(cluster: Cluster, namespace: string, name: string): Promise<void> {
  await retried(() => orUndefined(cluster.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: "Background" })));
}
