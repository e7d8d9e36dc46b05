import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";

/** Reasons of a waiting container that are ordinary on the way up. */
const ordinary = new Set(["ContainerCreating", "PodInitializing"]);

/** Reasons of a waiting container that stay. */
const hopeless = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

/** What only events tell; other warnings, such as a readiness probe that came early, mean nothing here. */
const telling = new Set(["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "FailedScheduling"]);

/** Says why a pod is not running yet, where Kubernetes says so; with the remedy where there is one. */
export function waitingCause(pod: V1Pod, warnings: readonly CoreV1Event[]): string | undefined {
  const name = pod.metadata?.name ?? "";
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled !== undefined) {
    return `pod ${name} cannot be scheduled: ${unscheduled.message ?? unscheduled.reason}. Lower resources or runners, or add a node.`;
  }
  const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
  if (waiting?.reason !== undefined && !ordinary.has(waiting.reason)) {
    return `pod ${name}: ${waiting.reason}: ${waiting.message ?? "no message"}${remedy(waiting.reason)}`;
  }
  const warning = tellingWarning(pod, warnings);
  const isPending = pod.status?.phase === "Pending";
  return isPending && warning !== undefined ? `pod ${name}: ${warning.reason}: ${warning.message ?? "no message"}` : undefined;
}

/** Whether what keeps a pod from running will not mend itself: somebody has to change something, and the run to be started again. */
export function isHopeless(pod: V1Pod, warnings: readonly CoreV1Event[]): boolean {
  const reason = pod.status?.containerStatuses?.[0]?.state?.waiting?.reason;
  const missing = /not found|references non-existent/.test(tellingWarning(pod, warnings)?.message ?? "");
  return pod.status?.phase === "Pending" && (hopeless.has(reason ?? "") || missing);
}

/** The newest, since the first is often one of those that pass. */
function tellingWarning(pod: V1Pod, warnings: readonly CoreV1Event[]): CoreV1Event | undefined {
  return warnings.findLast(
    ({ involvedObject, reason = "" }) => involvedObject.name === pod.metadata?.name && telling.has(reason),
  );
}

function remedy(reason: string): string {
  if (/image/i.test(reason) || reason === "ErrImagePull") {
    return ". Check the image's name and that the nodes can pull it.";
  }
  return reason === "CreateContainerConfigError" ? ". Check that the Secrets and ConfigMaps it names are there." : ".";
}
