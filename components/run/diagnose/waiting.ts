import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { missingIn, missingText } from "./missing";
import { schedulerMessage, unscheduledCause, type NodeRoom } from "./unscheduled";
import { withoutStop } from "./words";

/** Reasons of a waiting container that are ordinary on the way up. */
const ordinary = new Set(["ContainerCreating", "PodInitializing"]);

/** Reasons of a waiting container that are about its image. */
const imageReasons = new Set(["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError"]);

/** Reasons of a waiting container that stay. */
const hopeless = new Set([...imageReasons, "CreateContainerConfigError", "CreateContainerError", "RunContainerError"]);

/** What only events tell; other warnings, such as a readiness probe that came early, mean nothing here. */
const telling = new Set(["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "FailedScheduling"]);

/** Says why a pod is not running yet, where Kubernetes says so; with the remedy where there is one. */
export function waitingCause(pod: V1Pod, warnings: readonly CoreV1Event[], room?: readonly NodeRoom[]): string | undefined {
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const unscheduled = schedulerMessage(pod);
  if (unscheduled !== undefined) {
    return unscheduledCause(pod, unscheduled, room);
  }
  const { reason, message } = waitingState(pod) ?? {};
  if (reason !== undefined && imageReasons.has(reason)) {
    const { image } = pod.spec?.containers[0] ?? {};
    return `pod ${name} cannot have its image ${image}: ${pullProblem(message ?? reason)}. Correct the image's name, or let the nodes pull it.`;
  }
  const warning = tellingWarning(pod, warnings);
  const isPending = pod.status?.phase === "Pending";
  const [what, said] =
    reason !== undefined && !ordinary.has(reason)
      ? [reason, message]
      : isPending && warning !== undefined
        ? [warning.reason, warning.message]
        : [];
  if (what === undefined) {
    return undefined;
  }
  const missing = missingIn(said ?? "");
  return missing === undefined
    ? `pod ${name} cannot be started: ${what}: ${withoutStop(said ?? "no message")}. Look at its events: kubectl -n ${namespace} describe pod ${name}`
    : `pod ${name} needs ${missingText(missing, namespace)}`;
}

/** Whether what keeps a pod from running will not mend itself: somebody has to change something, and the run to be started again. */
export function isHopeless(pod: V1Pod, warnings: readonly CoreV1Event[]): boolean {
  const said = [schedulerMessage(pod), tellingWarning(pod, warnings)?.message].join(" ");
  const isMissing = missingIn(said) !== undefined || /references non-existent/.test(said);
  return pod.status?.phase === "Pending" && (hopeless.has(waitingState(pod)?.reason ?? "") || isMissing);
}

function waitingState({ status }: V1Pod): { reason?: string; message?: string } | undefined {
  return status?.containerStatuses?.[0]?.state?.waiting;
}

/** The newest, since the first is often one of those that pass. */
function tellingWarning(pod: V1Pod, warnings: readonly CoreV1Event[]): CoreV1Event | undefined {
  return warnings.findLast(
    ({ involvedObject, reason = "" }) => involvedObject.name === pod.metadata?.name && telling.has(reason),
  );
}

/** The end of containerd's chain of errors: each says only that what follows happened. */
function pullProblem(message: string): string {
  const [, why = message] = /(?:.*: )?(?:failed to \w+(?: and \w+)? (?:image|reference) "[^"]*": )(.*)$/s.exec(message) ?? [];
  return withoutStop(why);
}
