import { parseThresholds, type Threshold } from "./thresholds";
import { builtInType } from "./thresholds-builtin";
import type { RunnerThreshold, ThresholdResult } from "./threshold-types";
import type { RunnerReport } from "./types";

/** A threshold of the script, taken out of its runners. */
export interface ScriptThreshold {
  metric: string;
  expression: string;
  /** Indexes of runners by how each finds it over its own samples. */
  runners: { met: number[]; missed: number[] };
  /** To be evaluated over the samples of all; absent where only the runners can, as it asks for a tag that is not stored. */
  pooled?: Threshold;
}

/**
 * Takes the script's own thresholds out of what the runners tell. Left out is what no sample could miss, such as `max>=0`: scripts say it
 * to have a line in k6's summary.
 */
export function scriptThresholds(runners: readonly RunnerReport[]): ScriptThreshold[] {
  const found = new Map<string, ScriptThreshold>();
  for (const { index, totals } of runners) {
    for (const threshold of totals?.thresholds ?? []) {
      const { metric, expression, ok } = threshold;
      const known = found.get(keyOf(threshold)) ?? {
        metric,
        expression,
        runners: { met: [], missed: [] },
        ...pooledForm(threshold),
      };
      known.runners[ok ? "met" : "missed"].push(index);
      found.set(keyOf(threshold), known);
    }
  }
  return [...found.values()].filter(({ pooled, runners: { missed } }) => missed.length > 0 || !cannotBeMissed(pooled));
}

/** What came out of a script's threshold. */
export function scriptResult(
  { metric, expression, runners, pooled }: ScriptThreshold,
  evaluated?: ThresholdResult,
): ThresholdResult {
  const base = { metric, expression, source: "script", runners } as const;
  return pooled === undefined || evaluated === undefined
    ? { ...base, ok: runners.missed.length === 0, onlyRunners: true }
    : { ...evaluated, ...base };
}

/**
 * Whether k6's exit code 99 of a runner only says what is judged over all runners anyway: it told which thresholds it missed, none of them
 * ended it early, and each was evaluated over the samples of all.
 */
export function isJudgedOverAll({ exitCode, totals }: RunnerReport, results: readonly ThresholdResult[]): boolean {
  const missed = totals?.thresholds?.filter(({ ok }) => !ok) ?? [];
  const judged = new Set(results.filter(({ source, actual }) => source === "script" && actual !== undefined).map(keyOf));
  return (
    exitCode === 99 &&
    missed.length > 0 &&
    totals?.thresholdsLeftOut === undefined &&
    missed.every((threshold) => threshold.aborts === undefined && judged.has(keyOf(threshold)))
  );
}

function keyOf({ metric, expression }: { metric: string; expression: string }): string {
  return `${metric}: ${expression}`;
}

function pooledForm({ metric, expression, type }: RunnerThreshold): { pooled?: Threshold } {
  try {
    const [threshold] = parseThresholds({ [metric]: [expression] });
    return { pooled: { ...threshold, type } };
  } catch {
    return {};
  }
}

/** Only what cannot be below zero: k6's own metrics, and counters and rates of the script. */
function cannotBeMissed(threshold: Threshold | undefined): boolean {
  if (threshold === undefined) {
    return false;
  }
  const { metric, type, operator, bound } = threshold;
  const isNeverNegative = builtInType(metric) !== undefined || type === "counter" || type === "rate";
  return isNeverNegative && ((operator === ">=" && bound <= 0) || (operator === ">" && bound < 0));
}
