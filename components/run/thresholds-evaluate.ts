import type { Operator, Threshold } from "./thresholds";
import type { ThresholdResult } from "./types";

const holds: Record<Operator, (actual: number, bound: number) => boolean> = {
  "<": (actual, bound) => actual < bound,
  "<=": (actual, bound) => actual <= bound,
  ">": (actual, bound) => actual > bound,
  ">=": (actual, bound) => actual >= bound,
  "==": (actual, bound) => actual === bound,
  "!=": (actual, bound) => actual !== bound,
};

/** Compares a threshold with what was measured. `undefined`, nothing measured, is never ok. */
export function evaluate(threshold: Threshold, actual: number | undefined): ThresholdResult {
  const { key, expression, operator, bound } = threshold;
  const result = { metric: key, expression };
  return actual === undefined ? { ...result, ok: false } : { ...result, actual, ok: holds[operator](actual, bound) };
}
