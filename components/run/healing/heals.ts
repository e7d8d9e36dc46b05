import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { Problems } from "../../errors";
import { layoutOf } from "../engines/layout";
import type { RunFacts } from "../observe";
import { durationSeconds, type LoadShape } from "../script/load-shape";
import type { EngineName, RunInputs } from "../types";
import { remainingLoad } from "./remaining";

/** Lets a runner that was lost be restarted, once, for what remains of the load. */
export interface HealSettings {
  /** Longest time without its load, seconds, after which the run is `invalid` all the same. */
  maxGapSeconds: number;
}

/** What came after a runner was lost. */
export interface HealedPart {
  /** The pod that took over. */
  pod: string;
  /** How the runner was lost, a sentence. */
  cause: string;
  /** Seconds without its load; absent where they cannot be told. */
  gapSeconds?: number;
}

/** A runner that takes over the part of one that was lost. */
export interface Heal {
  index: number;
  load: LoadShape;
  /** When it begins, milliseconds since the epoch: by then it has to be up. */
  joinAt: number;
  /** Until its node ends it, when the others are ended too. */
  deadlineSeconds: number;
}

/** A pod has this long to come up, seconds. */
export const joinSeconds = 10;
// With less left of the load the restart is not worth its gap.
const leastSeconds = 5;

/** Refuses what cannot be healed rightly. */
export function checkHeal(
  { heal, engine, load, runners }: { heal?: HealSettings; engine: EngineName; load: LoadShape; runners: number },
  problems: Problems,
): void {
  if (heal === undefined) {
    return;
  }
  if (!Number.isInteger(heal.maxGapSeconds) || heal.maxGapSeconds < 1) {
    problems.add("heal.maxGapSeconds", `${heal.maxGapSeconds} is not a whole number of seconds above 0.`);
  }
  if (runners < 2) {
    problems.add(
      "heal",
      "needs another runner that goes on, and gives the restarted one what setup() made. Use at least 2 runners.",
    );
  }
  if (engine === "operator") {
    problems.add("heal", 'k6-operator starts all runners of a run or none. Use engine: "job".');
  }
  if (remainingLoad(load, 0) === undefined) {
    problems.add(
      "heal",
      "needs a load whose rest can be told to k6: give `duration` or `stages` beside the script, without `iterations`. " +
        "What remains of scenarios in a script cannot be run without changing them.",
    );
  }
}

/** Name of the Job that takes over a runner's part. There is one at most, so nothing is restarted twice. */
export function healName(run: string, index: number): string {
  return `${run}-heal-${index}`;
}

/** Runners that are to be restarted now. */
export function healsToMake(inputs: RunInputs, facts: RunFacts, nowMs: number): Heal[] {
  const { heal, run, load = {}, runners, deadlineSeconds } = inputs;
  const { barrier, jobs = [] } = facts;
  if (heal === undefined || barrier?.["pulumi-k6"] !== "started" || !goesOnWithout(inputs, facts)) {
    return [];
  }
  const joinAt = nowMs + joinSeconds * 1000;
  const rest = remainingLoad(load, (joinAt - barrier.at) / 1000);
  if (rest === undefined || secondsOf(rest) < leastSeconds) {
    return [];
  }
  return Array.from({ length: runners }, (_, index) => index).flatMap((index) => {
    const pod = facts.pods.find((one) => layoutOf("job").indexOf(run, one) === index);
    if (pod === undefined || !wasTakenAway(pod, facts.deleted) || jobs.some((job) => nameOf(job) === healName(run, index))) {
      return [];
    }
    const agedSeconds = (nowMs - new Date(pod.status?.startTime ?? barrier.at).getTime()) / 1000;
    const left = Math.floor(deadlineSeconds - agedSeconds);
    return left <= joinSeconds ? [] : [{ index, load: rest, joinAt, deadlineSeconds: left }];
  });
}

/** Whether the run goes on, whoever was lost: its Job was not deleted, and a runner is left that nobody takes away. */
function goesOnWithout({ run }: RunInputs, { pods, jobs = [], deleted }: RunFacts): boolean {
  const isStopped = jobs.some((job) => nameOf(job) === run && job.metadata?.deletionTimestamp !== undefined);
  const isLeft = (pod: V1Pod) =>
    layoutOf("job").indexOf(run, pod) !== undefined &&
    pod.status?.phase === "Running" &&
    pod.metadata?.deletionTimestamp === undefined &&
    !deleted.has(pod.metadata?.name ?? "");
  return !isStopped && pods.some(isLeft);
}

/** Whether a runner's pod has ended because somebody took it away, and not by itself. */
export function wasTakenAway({ metadata, status }: V1Pod, deleted: ReadonlySet<string>): boolean {
  if (status?.phase === "Succeeded") {
    return false;
  }
  const isLeaving = metadata?.deletionTimestamp !== undefined;
  const isDisrupted =
    status?.conditions?.some(({ type, status: value }) => type === "DisruptionTarget" && value === "True") ?? false;
  return deleted.has(metadata?.name ?? "") || (status?.phase === "Failed" && (isLeaving || isDisrupted));
}

/** Seconds that a load takes. */
export function secondsOf({ duration = "0s", stages }: LoadShape): number {
  return stages === undefined
    ? durationSeconds(duration)
    : stages.reduce((sum, stage) => sum + durationSeconds(stage.duration), 0);
}

function nameOf({ metadata }: V1Job): string {
  return metadata?.name ?? "";
}
