import type { Problems } from "../../errors";
import type { Inspection } from "../inspection";

/** A load for a script that says none; over all runners together. */
export interface LoadShape {
  /** Virtual users; where `stages` are given, those at the beginning. @default 1 */
  vus?: number;
  /** How long, as k6 writes it: `30s`, `1m30s`. With `iterations` the longest that they may take. */
  duration?: string;
  /** How many iterations, shared by all VUs. */
  iterations?: number;
  /** Ramps of VUs, one after the other. */
  stages?: LoadStage[];
}

/** A ramp to a number of VUs. */
export interface LoadStage {
  /** As k6 writes it: `30s`, `1m30s`. */
  duration: string;
  /** VUs at its end. */
  target: number;
}

/** Names of the arguments that make a load. */
export const loadKeys = ["vus", "duration", "iterations", "stages"] as const satisfies (keyof LoadShape)[];

/** Whether a load is given at all. */
export function hasLoad(load: LoadShape): boolean {
  return loadKeys.some((key) => load[key] !== undefined);
}

/** Checks a load; whether it fits the script is for `k6 inspect` and the harness to say. */
export function checkLoad(load: LoadShape, problems: Problems): void {
  const { vus, duration, iterations, stages } = load;
  for (const [name, count] of Object.entries({ vus, iterations })) {
    if (count !== undefined && (!Number.isInteger(count) || count < 1)) {
      problems.add(name, `${count} is not a whole number above 0.`);
    }
  }
  checkDuration(duration, "duration", problems);
  stages?.forEach((stage, i) => {
    checkDuration(stage.duration, `stages[${i}].duration`, problems);
    if (!Number.isInteger(stage.target) || stage.target < 0) {
      problems.add(`stages[${i}].target`, `${stage.target} is not a whole number of VUs.`);
    }
  });
  if (stages !== undefined && stages.length === 0) {
    problems.add("stages", "is empty: give at least one `{ duration, target }`, or leave it out.");
  }
  if (stages !== undefined && (duration !== undefined || iterations !== undefined)) {
    const other = duration === undefined ? "iterations" : "duration";
    problems.add(other, `does not go with stages, which say how long the load is. Leave one of the two out.`);
  }
  if (vus !== undefined && duration === undefined && iterations === undefined && stages === undefined) {
    problems.add("vus", `${vus} VUs alone do not say for how long: add duration, iterations or stages.`);
  }
  if (iterations !== undefined && iterations < (vus ?? 1)) {
    problems.add(
      "iterations",
      `${iterations} iterations for ${vus} VUs leave some without work: give at least as many iterations as VUs.`,
    );
  }
}

const durationText = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

function checkDuration(text: string | undefined, path: string, problems: Problems): void {
  if (text !== undefined && !durationText.test(text)) {
    problems.add(path, `"${text}" is not a duration: write for example 30s, 1m30s or 500ms.`);
  }
}

/** The load as flags of `k6 run`. */
export function loadArguments({ vus, duration, iterations, stages = [] }: LoadShape): string[] {
  return [
    ...(vus === undefined ? [] : ["--vus", String(vus)]),
    ...(duration === undefined ? [] : ["--duration", duration]),
    ...(iterations === undefined ? [] : ["--iterations", String(iterations)]),
    ...stages.flatMap((stage) => ["--stage", `${stage.duration}:${stage.target}`]),
  ];
}

/** The load as variables, for `k6 inspect`, which knows no flags of `k6 run`. */
export function loadVariables({ vus, duration, iterations, stages }: LoadShape): Record<string, string> {
  return {
    ...(vus === undefined ? {} : { K6_VUS: String(vus) }),
    ...(duration === undefined ? {} : { K6_DURATION: duration }),
    ...(iterations === undefined ? {} : { K6_ITERATIONS: String(iterations) }),
    ...(stages === undefined ? {} : { K6_STAGES: stages.map((stage) => `${stage.duration}:${stage.target}`).join(",") }),
  };
}

// Defaults of k6's executors: maxDuration of shared iterations, and gracefulStop, seconds.
const maxDurationSeconds = 600;
const gracefulStopSeconds = 30;

/** What a load needs, computed as k6 does, for where there is no k6 to ask. */
export function requirementsOf({ vus = 1, duration, iterations, stages }: LoadShape): Inspection {
  const seconds =
    stages !== undefined
      ? stages.reduce((sum, stage) => sum + durationSeconds(stage.duration), 0)
      : duration !== undefined
        ? durationSeconds(duration)
        : iterations === undefined
          ? 0
          : maxDurationSeconds;
  return {
    maxVUs: Math.max(vus, ...(stages ?? []).map(({ target }) => target)),
    totalDurationSeconds: seconds + gracefulStopSeconds,
  };
}

// Units of Go's time.Duration text, seconds.
const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, us: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration, e.g. `2m10s`. */
export function durationSeconds(text: string): number {
  const parts = [...text.matchAll(/([0-9.]+)(h|ms|m|s|µs|us|ns)/g)];
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * units[unit], 0);
}
