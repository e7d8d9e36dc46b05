import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { RunFacts } from "../observe";
import type { RunInputs, RunnerReport, RunnerTotals } from "../types";
import { healName, wasTakenAway } from "./heals";

// Of k6: its end, and its own verdicts on thresholds, `test.abort()` and `test.fail()`.
const ownEnds: readonly number[] = [0, 99, 108, 110];

/** What the pod that took over says of itself, as of any other runner. */
export type ReadPod = (pod: V1Pod) => Partial<RunnerReport>;

/**
 * A runner that was lost, with what became of the pod that took over: as long as it goes on so does the runner, and when it has ended well
 * the runner has, with a gap.
 */
export function withHealing(inputs: RunInputs, facts: RunFacts, runner: RunnerReport, read: ReadPod): RunnerReport {
  const { heal, run } = inputs;
  const name = healName(run, runner.index);
  const job = facts.jobs?.find(({ metadata }) => metadata?.name === name);
  if (heal === undefined || job === undefined) {
    const refusal = facts.refusedHeals?.get(runner.index);
    return refusal === undefined
      ? runner
      : { ...runner, cause: `${lostSentence(runner)} Job ${name}, which was to take over its part, was refused: ${refusal}` };
  }
  const pod = facts.pods.find(({ metadata }) => metadata?.labels?.["job-name"] === name);
  const lost = lostSentence(runner);
  if (!hasEnded(job, pod, facts.deleted)) {
    return { ...runner, state: "running", cause: `${lost} Job ${name} takes over its part.` };
  }
  const second = pod === undefined ? {} : read(pod);
  const healed = { pod: second.pod ?? name, cause: lost, ...gapOf(runner, second) };
  const finish = second.finishedAt === undefined ? {} : { finishedAt: second.finishedAt };
  if (second.exitCode === undefined || !ownEnds.includes(second.exitCode) || healed.gapSeconds === undefined) {
    const how = second.exitCode === undefined ? "did not come up" : `ended with exit code ${second.exitCode}`;
    const cause = `${lost} Pod ${healed.pod}, which was to take over its part, ${how}. Change trigger to run the test again.`;
    return { ...runner, ...finish, healed, cause };
  }
  const { gapSeconds } = healed;
  const isTooLong = gapSeconds > heal.maxGapSeconds;
  const { index, pod: first, node, startedAt, totals } = runner;
  const limit = `The limit is ${heal.maxGapSeconds} s (heal.maxGapSeconds). Change trigger to run the test again.`;
  return {
    // Whatever k6 says of the rest: too much of the load was missing.
    ...{ index, healed, exitCode: second.exitCode, state: isTooLong ? "lost" : stateOf(second.exitCode), ...finish },
    ...(first === undefined ? {} : { pod: first }),
    ...(node === undefined ? {} : { node }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(totals === undefined || second.totals === undefined ? {} : { totals: added(totals, second.totals) }),
    ...(isTooLong ? { cause: `${gapText(healed)} ${limit}` } : {}),
  };
}

/** What became of the runner, without the advice to run anew. */
function lostSentence({ cause = "" }: RunnerReport): string {
  return `${cause.split(". ")[0].replace(/\.$/, "")}.`;
}

function stateOf(exitCode: number): RunnerReport["state"] {
  return exitCode === 0 ? "succeeded" : "failed";
}

function hasEnded({ metadata, status }: V1Job, pod: V1Pod | undefined, deleted: ReadonlySet<string>): boolean {
  const isOver = status?.conditions?.some(({ type, status: value }) => ["Failed", "Complete"].includes(type) && value === "True");
  const isEnded = pod !== undefined && (["Succeeded", "Failed"].includes(pod.status?.phase ?? "") || wasTakenAway(pod, deleted));
  // A Job that was deleted makes no pod any more.
  const isBarren = pod === undefined && metadata?.deletionTimestamp !== undefined;
  return isEnded || isOver === true || isBarren;
}

/** Sentences on runners that were lost and healed within the limit: told whatever the verdict. */
export function healNotes(runners: readonly RunnerReport[]): string[] {
  return runners.flatMap(({ healed, cause }) => (healed === undefined || cause !== undefined ? [] : [gapText(healed)]));
}

function gapText({ cause, pod, gapSeconds }: NonNullable<RunnerReport["healed"]>): string {
  return `${cause} Pod ${pod} took over its part; for ${gapSeconds} s its load was missing.`;
}

/** From the end of the one to the start of the other's load, in whole seconds: that is how Kubernetes tells ends. */
function gapOf({ finishedAt: from }: RunnerReport, { finishedAt: to, totals }: Partial<RunnerReport>): { gapSeconds?: number } {
  return from === undefined || to === undefined || totals === undefined
    ? {}
    : { gapSeconds: Math.max(0, Math.ceil((Date.parse(to) - totals.durationMs - Date.parse(from)) / 1000)) };
}

function added(one: RunnerTotals, other: RunnerTotals): RunnerTotals {
  const counts = ["requests", "failedRequests", "iterations", "droppedIterations", "checksPassed", "checksFailed"] as const;
  const sums = [...counts, "dataSent", "dataReceived", "durationMs"] as const;
  const summed = Object.fromEntries(sums.map((what) => [what, one[what] + other[what]]));
  const missed = one.thresholds?.filter(({ ok }) => !ok) ?? [];
  const isMissed = (metric: string, expression: string) =>
    missed.some((threshold) => threshold.metric === metric && threshold.expression === expression);
  const thresholds = other.thresholds?.map((threshold) => ({
    ...threshold,
    ok: threshold.ok && !isMissed(threshold.metric, threshold.expression),
  }));
  return { ...other, ...summed, ...bothCpu(one, other), ...(thresholds === undefined ? {} : { thresholds }) };
}

function bothCpu({ cpu: one }: RunnerTotals, { cpu: other }: RunnerTotals): Pick<RunnerTotals, "cpu"> {
  if (one === undefined || other === undefined) {
    return one === undefined ? {} : { cpu: one };
  }
  return {
    cpu: { periods: one.periods + other.periods, throttledPeriods: one.throttledPeriods + other.throttledPeriods },
  };
}
