import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from "@kubernetes/client-node";
import { notStartedCauses, type BarrierLine } from "./barrier-line";
import { exitCodeMeaning } from "./exit-codes";
import { layoutOf } from "./engines/layout";
import { waitingCause } from "./pod-causes";
import type { RunInputs, RunnerReport, RunnerTotals, RunState } from "./types";

// k6's exit code after a PATCH of `stopped`: see exit-codes.ts.
const stoppedByApi = 103;

/** What was seen of a run so far. */
export interface RunFacts {
  /** Every pod of the run ever seen, as it was last seen. */
  pods: readonly V1Pod[];
  /** Names of pods that were deleted. */
  deleted: ReadonlySet<string>;
  /** Every Job of the run ever seen. */
  jobs?: readonly V1Job[];
  /** The TestRun, with engine `operator`. */
  testRun?: TestRunSight;
  /** Warnings about the run's objects. */
  warnings: readonly CoreV1Event[];
  /** The barrier's last word. */
  barrier?: BarrierLine;
}

/** What is seen of a TestRun. */
export interface TestRunSight {
  /** `""` where k6-operator has not seen it. */
  stage: string;
  isDeleted: boolean;
}

/** Makes of what was seen what it means. */
export function observe(inputs: RunInputs, facts: RunFacts): RunState {
  const runners = Array.from({ length: inputs.runners }, (_, index) => runnerReport(inputs, facts, index));
  const { barrier } = facts;
  const started = barrier?.["pulumi-k6"] === "started" ? barrier : undefined;
  const finished = runners.map(({ finishedAt }) => finishedAt).filter((time) => time !== undefined);
  return {
    stage: stageOf(runners, started !== undefined),
    runners,
    causes: barrier?.["pulumi-k6"] === "not-started" ? notStartedCauses(barrier, { ...inputs, ...inputs.store }) : [],
    ...(started === undefined ? {} : { startedAt: new Date(started.at).toISOString(), startSkewMs: started.skewMs }),
    ...(finished.length === 0 ? {} : { finishedAt: finished.sort()[finished.length - 1] }),
  };
}

const over = new Set<RunnerReport["state"]>(["succeeded", "failed", "lost"]);

/** Whether a runner will do nothing more. */
export function isOver({ state }: RunnerReport): boolean {
  return over.has(state);
}

function stageOf(runners: RunnerReport[], started: boolean): RunState["stage"] {
  if (runners.every(isOver)) {
    return "finished";
  }
  if (started) {
    return "running";
  }
  return runners.some(({ pod }) => pod === undefined) || runners.some(({ state }) => state === "pending")
    ? "scheduling"
    : "starting";
}

function runnerReport(inputs: RunInputs, facts: RunFacts, index: number): RunnerReport {
  const pod = podOf(inputs, facts, index);
  if (pod === undefined) {
    return withoutPod(inputs, facts, index);
  }
  const name = pod.metadata?.name ?? "";
  const status = pod.status?.containerStatuses?.[0];
  const base = {
    index,
    pod: name,
    ...(pod.spec?.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
    ...endOf(pod, status),
  };
  const phase = pod.status?.phase;
  if (phase === "Succeeded") {
    return { ...base, state: "succeeded" };
  }
  const subject = `runner ${index} of ${inputs.runners}`;
  const isDeleted = facts.deleted.has(name);
  const isLeaving = pod.metadata?.deletionTimestamp !== undefined;
  // A deleted pod may still say its totals; the load it was to make is missing all the same.
  if (isDeleted || (isLeaving && phase === "Failed")) {
    return { ...base, state: "lost", cause: `${subject} was lost: pod ${name} was deleted${onNode(pod)}.` };
  }
  if (phase === "Failed") {
    return { ...base, state: "failed", cause: `${subject} failed: ${failureCause(pod, status, inputs, facts.barrier)}` };
  }
  const cause = isLeaving ? `pod ${name} is being deleted${onNode(pod)}.` : waitingCause(pod, facts.warnings);
  return {
    ...base,
    state: stateOf(pod, facts.barrier),
    ...(cause === undefined ? {} : { cause: `${subject} is not up: ${cause}` }),
  };
}

function podOf({ engine, run }: RunInputs, { pods }: RunFacts, index: number): V1Pod | undefined {
  return pods.find((pod) => layoutOf(engine).indexOf(run, pod) === index);
}

function stateOf(pod: V1Pod, barrier: BarrierLine | undefined): RunnerReport["state"] {
  const isReady = pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  if (barrier?.["pulumi-k6"] === "started" && pod.status?.phase === "Running") {
    return "running";
  }
  // With k6-operator, runner 0 is not Ready before setup() is done; that setup() runs means that all are up.
  const isUp = isReady || (barrier?.["pulumi-k6"] === "setup" && pod.status?.phase === "Running");
  return isUp ? "ready" : "pending";
}

function withoutPod({ engine, runners, run }: RunInputs, { jobs = [], warnings }: RunFacts, index: number): RunnerReport {
  const layout = layoutOf(engine);
  if (layout.isPast(run, jobs, index)) {
    return { index, state: "lost", cause: `runner ${index} of ${runners} was lost: its pod is gone.` };
  }
  const job = layout.jobOf(run, index);
  const refused = refusal(job, warnings);
  return {
    index,
    state: "pending",
    ...(refused === undefined ? {} : { cause: `runner ${index} of ${runners} has no pod: ${refused}` }),
  };
}

/** Why Kubernetes makes no pod for a Job, if it says so. */
export function refusal(job: string, warnings: readonly CoreV1Event[]): string | undefined {
  const refused = warnings.find(
    ({ involvedObject, reason }) => involvedObject.kind === "Job" && involvedObject.name === job && reason === "FailedCreate",
  );
  return refused === undefined ? undefined : (refused.message ?? `see the events of Job ${job}`);
}

function endOf(pod: V1Pod, status: V1ContainerStatus | undefined): Partial<RunnerReport> {
  const ended = status?.state?.terminated;
  const startedAt = ended?.startedAt ?? status?.state?.running?.startedAt;
  // The pod's own reason (Evicted, DeadlineExceeded) says more than the container's "Error".
  const reason = pod.status?.reason ?? ended?.reason;
  const totals = parseTotals(ended?.message);
  return {
    ...(startedAt === undefined ? {} : { startedAt: iso(startedAt) }),
    ...(ended?.finishedAt === undefined ? {} : { finishedAt: iso(ended.finishedAt) }),
    ...(ended === undefined ? {} : { exitCode: ended.exitCode }),
    ...(reason === undefined || reason === "Completed" ? {} : { reason }),
    ...(totals === undefined ? {} : { totals }),
  };
}

// The client gives dates in answers and text in what it watches.
function iso(time: Date | string): string {
  return new Date(time).toISOString();
}

/** Reads the harness's line of totals; `undefined` where k6 was killed before it could write it. */
export function parseTotals(message: string | undefined): RunnerTotals | undefined {
  if (message === undefined || !message.startsWith("{")) {
    return undefined;
  }
  try {
    return JSON.parse(message) as RunnerTotals;
  } catch {
    return undefined;
  }
}

function failureCause(
  pod: V1Pod,
  status: V1ContainerStatus | undefined,
  { deadlineSeconds, resources }: RunInputs,
  barrier: BarrierLine | undefined,
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
    return `pod ${name} was stopped at its deadline of ${deadlineSeconds} s. Raise deadlineSeconds, or shorten the script.`;
  }
  if (pod.status?.reason !== undefined) {
    return `pod ${name}: ${pod.status.reason}${onNode(pod)}: ${pod.status.message ?? "no message"}.`;
  }
  if (ended === undefined) {
    return `pod ${name} ended and said nothing${onNode(pod)}.`;
  }
  return `pod ${name} ended with exit code ${ended.exitCode}: ${exitCodeMeaning(ended.exitCode)}.`;
}

function onNode(pod: V1Pod): string {
  return pod.spec?.nodeName === undefined ? "" : ` on node ${pod.spec.nodeName}`;
}
