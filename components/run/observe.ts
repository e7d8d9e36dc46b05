import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from "@kubernetes/client-node";
import { notStartedCauses, waitedForCauses, type BarrierLine } from "./barrier-line";
import { failedCause, lostCause } from "./diagnose/ended";
import { refusal } from "./diagnose/refusal";
import type { NodeRoom } from "./diagnose/unscheduled";
import { waitingCause } from "./diagnose/waiting";
import { onNode } from "./diagnose/words";
import { layoutOf } from "./engines/layout";
import { withHealing } from "./healing/healed";
import type { RunInputs, RunnerReport, RunnerTotals, RunState } from "./types";

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
  /** Why a lost runner's part could not be taken over, by its index. */
  refusedHeals?: ReadonlyMap<number, string>;
  /** What is left on the nodes, where a pod has found none and it could be read. */
  room?: readonly NodeRoom[];
}

/** What is seen of a TestRun. */
export interface TestRunSight {
  /** `""` where k6-operator has not seen it. */
  stage: string;
  isDeleted: boolean;
}

/** Makes of what was seen what it means: stage, runners, and what is wrong. */
export function observe(inputs: RunInputs, facts: RunFacts): RunState {
  const runners = Array.from({ length: inputs.runners }, (_, index) => healedReport(inputs, facts, index));
  const { barrier } = facts;
  const started = barrier?.["pulumi-k6"] === "started" ? barrier : undefined;
  const finished = runners.map(({ finishedAt }) => finishedAt).filter((time) => time !== undefined);
  return {
    stage: stageOf(runners, started !== undefined),
    runners,
    causes: runCauses(inputs, facts, runners),
    ...(started === undefined ? {} : { startedAt: new Date(started.at).toISOString(), startSkewMs: started.skewMs }),
    ...(finished.length === 0 ? {} : { finishedAt: finished.sort()[finished.length - 1] }),
  };
}

/** What is wrong with the run as a whole. */
function runCauses(inputs: RunInputs, facts: RunFacts, runners: readonly RunnerReport[]): string[] {
  const expected = { ...inputs, ...inputs.store };
  const { barrier } = facts;
  switch (barrier?.["pulumi-k6"]) {
    case "not-started":
      return notStartedCauses(barrier, expected);
    case "waiting": {
      // Of one that is not up Kubernetes tells more.
      const isTelling = ({ index, status }: { index: number; status: number | null }) =>
        status !== null || runners[index]?.state === "ready";
      return [...helperCauses(inputs, facts), ...waitedForCauses(barrier.missing.filter(isTelling), expected)];
    }
    case undefined:
      return helperCauses(inputs, facts);
    default:
      return [];
  }
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

function healedReport(inputs: RunInputs, facts: RunFacts, index: number): RunnerReport {
  const read = (pod: V1Pod) => ({ pod: pod.metadata?.name, ...endOf(pod, pod.status?.containerStatuses?.[0]) });
  return withHealing(inputs, facts, runnerReport(inputs, facts, index), read);
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
    const waited = phase === "Pending" ? waitingCause(pod, facts.warnings, facts.room) : undefined;
    return {
      ...base,
      state: "lost",
      cause: `${subject} was lost: ${waited ?? lostCause(pod, inputs, jobOf(inputs, facts, index))}`,
    };
  }
  if (phase === "Failed") {
    return { ...base, state: "failed", cause: `${subject} failed: ${failedCause(pod, status, inputs, facts)}` };
  }
  const cause = isLeaving ? `pod ${name} is being deleted${onNode(pod)}.` : waitingCause(pod, facts.warnings, facts.room);
  return {
    ...base,
    state: stateOf(pod, facts.barrier),
    ...(cause === undefined ? {} : { cause: `${subject} is not up: ${cause}` }),
  };
}

/**
 * What keeps pods from running that are no runners, such as k6-operator's initializer: the runners wait for them. Also of those that are
 * gone, since their Jobs end with the time that the run has for its start.
 */
function helperCauses({ engine, run }: RunInputs, { pods, warnings, room }: RunFacts): string[] {
  const helpers = pods.filter((pod) => layoutOf(engine).indexOf(run, pod) === undefined);
  return helpers.filter(({ status }) => status?.phase === "Pending").flatMap((pod) => waitingCause(pod, warnings, room) ?? []);
}

function podOf({ engine, run }: RunInputs, { pods }: RunFacts, index: number): V1Pod | undefined {
  return pods.find((pod) => layoutOf(engine).indexOf(run, pod) === index);
}

function jobOf({ engine, run }: RunInputs, { jobs = [] }: RunFacts, index: number): V1Job | undefined {
  const name = layoutOf(engine).jobOf(run, index);
  return jobs.find(({ metadata }) => metadata?.name === name);
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
    return {
      index,
      state: "lost",
      cause: `runner ${index} of ${runners} was lost: its pod is gone, and nobody saw why. Change trigger to run the test again.`,
    };
  }
  const job = layout.jobOf(run, index);
  const refused = refusal(job, warnings);
  return {
    index,
    state: "pending",
    ...(refused === undefined ? {} : { cause: `runner ${index} of ${runners} has no pod: ${refused}` }),
  };
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
