/** What the operator makes of what it sees, one question each. */
import type * as k8s from "@kubernetes/client-node";

/** Whether the initializer's pod is done; the operator does not look at its Job, so one whose pod was never made is waited for. */
export function hasEnded(pod: k8s.V1Pod | undefined): pod is k8s.V1Pod {
  return pod?.status?.phase === "Succeeded" || pod?.status?.phase === "Failed";
}

export function hasFailed(pod: k8s.V1Pod): boolean {
  return pod.status?.phase === "Failed";
}

/** Why a run cannot go on after what `k6 inspect` printed, if it cannot. */
export function inspectProblem(log: string, parallelism: number): string | undefined {
  let maxVUs: number;
  try {
    maxVUs = (JSON.parse(log) as { maxVUs?: number }).maxVUs ?? 0;
  } catch {
    return `unable to marshal: \`${log}\``;
  }
  return maxVUs < parallelism ? `number of instances > number of VUs: maxVUs ${maxVUs}, parallelism ${parallelism}` : undefined;
}

/** Whether as many runners run as were asked for: one less or one more and the run waits on. */
export function allRunning(pods: readonly k8s.V1Pod[], parallelism: number): boolean {
  return pods.filter(({ status }) => status?.phase === "Running").length === parallelism;
}

/** Whether as many runner Jobs as were asked for have no pod at work: ended well, failed and not yet begun are all the same. */
export function allEnded(jobs: readonly k8s.V1Job[], parallelism: number): boolean {
  return jobs.filter(({ status }) => (status?.active ?? 0) === 0).length >= parallelism;
}
