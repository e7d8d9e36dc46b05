import type { CoreV1Event, V1ContainerStateTerminated, V1ContainerStatus, V1Job, V1Pod } from "@kubernetes/client-node";
import type { BarrierLine } from "../barrier-line";
import { exitCodeMeaning, exitCodeRemedy } from "../exit-codes";
import type { RunInputs } from "../types";
import { onNode, withoutStop } from "./words";

// k6's exit code after a PATCH of `stopped`: see exit-codes.ts.
const stoppedByApi = 103;
// k6's own after SIGTERM; 128 + the signal's number where it was not k6 that got it, or did not get to its end.
const endedBySigterm = 105;
const endedBySignal = new Set([endedBySigterm, 137, 143]);
const again = "Change trigger to run the test again.";

/** Says why a runner that was lost was lost: who took its pod away, as far as Kubernetes says so. */
export function lostCause(pod: V1Pod, { deadlineSeconds }: Pick<RunInputs, "deadlineSeconds">, job: V1Job | undefined): string {
  const name = pod.metadata?.name;
  if (job?.status?.conditions?.some(({ reason }) => reason === "DeadlineExceeded") === true) {
    return deadlineCause(pod, deadlineSeconds);
  }
  const disrupted = disruptionOf(pod);
  return disrupted === undefined
    ? `pod ${name} was deleted${onNode(pod)}, by a person or a program that cleans up. ${again}`
    : `pod ${name} ${disruptionText(disrupted, pod)}`;
}

/** Says why a pod ended badly. */
export function failedCause(
  pod: V1Pod,
  status: V1ContainerStatus | undefined,
  { deadlineSeconds, resources }: Pick<RunInputs, "deadlineSeconds" | "resources">,
  { warnings, barrier }: { warnings: readonly CoreV1Event[]; barrier?: BarrierLine },
): string {
  const name = pod.metadata?.name;
  const ended = status?.state?.terminated;
  if (barrier?.["pulumi-k6"] === "not-started" && ended?.exitCode === stoppedByApi) {
    return `pod ${name} was stopped, since the run was not started.`;
  }
  if (ended?.reason === "OOMKilled") {
    return `pod ${name} was killed for want of memory (limit ${resources.memory}). Raise resources.memory, or use more runners.`;
  }
  if (pod.status?.reason === "DeadlineExceeded") {
    return deadlineCause(pod, deadlineSeconds);
  }
  const disrupted = disruptionOf(pod);
  if (disrupted !== undefined) {
    return `pod ${name} ${disruptionText(disrupted, pod)}`;
  }
  if (pod.status?.reason !== undefined) {
    return `pod ${name}: ${pod.status.reason}${onNode(pod)}: ${withoutStop(pod.status.message ?? "no message")}. ${again}`;
  }
  // With k6-operator a runner ends itself, so that nothing but its age tells why.
  if (ended?.exitCode === endedBySigterm && secondsOf(ended) >= deadlineSeconds - 1) {
    return deadlineCause(pod, deadlineSeconds);
  }
  const unhealthy = ended !== undefined && endedBySignal.has(ended.exitCode) ? failedProbe(pod, warnings) : undefined;
  if (unhealthy !== undefined) {
    return (
      `pod ${name} was killed by its liveness probe${onNode(pod)}: ${withoutStop(unhealthy)}. ` +
      "k6 had too little CPU to answer, or hung: raise resources.cpu, use more runners, or take the probe out where a policy of the cluster added it."
    );
  }
  if (ended === undefined) {
    return `pod ${name} ended and said nothing${onNode(pod)}. Look whether its node is up. ${again}`;
  }
  return `pod ${name} ended with exit code ${ended.exitCode}: ${exitCodeMeaning(ended.exitCode)}. ${exitCodeRemedy(ended.exitCode)}`;
}

function deadlineCause({ metadata }: V1Pod, deadlineSeconds: number): string {
  return `pod ${metadata?.name} was stopped at its deadline of ${deadlineSeconds} s. Raise deadlineSeconds, or shorten the script.`;
}

interface Disruption {
  reason?: string;
  message?: string;
}

/** How long a container lived, of whole seconds. */
function secondsOf({ startedAt, finishedAt }: V1ContainerStateTerminated): number {
  return startedAt === undefined || finishedAt === undefined
    ? NaN
    : (new Date(finishedAt).getTime() - new Date(startedAt).getTime()) / 1000;
}

/** Why Kubernetes itself took a pod away; older kubelets tell an eviction by the pod's reason alone. */
function disruptionOf({ status }: V1Pod): Disruption | undefined {
  const condition = status?.conditions?.find(({ type, status: value }) => type === "DisruptionTarget" && value === "True");
  return condition === undefined && status?.reason === "Evicted"
    ? { reason: "TerminationByKubelet", message: status.message }
    : condition && { ...condition, message: status?.message ?? condition.message };
}

function disruptionText({ reason = "", message = "no message" }: Disruption, pod: V1Pod): string {
  const why = withoutStop(message);
  switch (reason) {
    case "EvictionByEvictionAPI":
      return `was evicted${onNode(pod)} by request, as a drain or an autoscaler makes it. Keep them from the node while a run goes on. ${again}`;
    case "PreemptionByScheduler":
      return `made room for one of higher priority${onNode(pod)}: ${why}. Add a node, or give runners a higher priority. ${again}`;
    case "TerminationByKubelet":
      return `was evicted by node ${pod.spec?.nodeName}: ${why}. Keep the node's memory and disk free, or use others. ${again}`;
    default:
      return `was taken away${onNode(pod)} (${reason}): ${why}. Look at the node. ${again}`;
  }
}

/** What the liveness probe met that made the kubelet kill a pod. */
function failedProbe({ metadata }: V1Pod, warnings: readonly CoreV1Event[]): string | undefined {
  const said = warnings.findLast(
    ({ involvedObject, reason, message }) =>
      involvedObject.name === metadata?.name && reason === "Unhealthy" && message?.startsWith("Liveness probe failed"),
  );
  return said?.message?.replace(/^Liveness probe failed: /, "");
}
