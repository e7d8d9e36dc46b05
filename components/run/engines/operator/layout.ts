import type { V1Job } from "@kubernetes/client-node";
import type { RunnerLayout } from "../layout";

// Kubernetes' own label; also of older clusters, which have no other.
const jobLabel = "job-name";

/** A Job per runner: `<run>-1` is runner 0. */
export const operatorLayout: RunnerLayout = {
  indexOf: (run, { metadata }) => runnerIndex(run, metadata?.labels?.[jobLabel]),
  jobOf: runnerJobName,
  isPast: (run, jobs, index) => jobs.some((job) => job.metadata?.name === runnerJobName(run, index) && hasFailed(job)),
};

/** k6-operator counts from 1. */
export function runnerJobName(run: string, index: number): string {
  return `${run}-${index + 1}`;
}

/** `undefined` for the Job of the initializer, the starter, or somebody else. */
export function runnerIndex(run: string, job: string | undefined): number | undefined {
  const number = job?.startsWith(`${run}-`) === true ? job.slice(run.length + 1) : "";
  return /^[1-9]\d*$/.test(number) ? Number(number) - 1 : undefined;
}

export function initializerName(run: string): string {
  return `${run}-initializer`;
}

export function starterName(run: string): string {
  return `${run}-starter`;
}

/** Name of the Service in front of a runner, with `{number}` for k6-operator's number of it. */
export function serviceNamePattern(run: string): string {
  return `${run}-service-{number}`;
}

/** A Job of a pod that was deleted; one that never had a pod has counted no failure. */
function hasFailed({ status }: V1Job): boolean {
  return (status?.failed ?? 0) > 0;
}
