import type { Operator, Threshold } from "./thresholds";
import type { ThresholdResult, ThresholdWindows } from "./threshold-types";

const holds: Record<Operator, (actual: number, bound: number) => boolean> = {
  "<": (actual, bound) => actual < bound,
  "<=": (actual, bound) => actual <= bound,
  ">": (actual, bound) => actual > bound,
  ">=": (actual, bound) => actual >= bound,
  "==": (actual, bound) => actual === bound,
  "!=": (actual, bound) => actual !== bound,
};

type Comparison = Pick<Threshold, "operator" | "bound">;

/** Whether a figure meets a threshold. */
export function meets({ operator, bound }: Comparison, actual: number): boolean {
  return holds[operator](actual, bound);
}

/** Compares a threshold with what was measured. `undefined`, nothing measured, is never ok. */
export function evaluate(threshold: Threshold, actual: number | undefined): ThresholdResult {
  const result = { metric: threshold.key, expression: threshold.expression };
  return actual === undefined ? { ...result, ok: false } : { ...result, actual, ok: meets(threshold, actual) };
}

/**
 * Compares a threshold with the figure of each window, `null` where a window has no sample: such a window meets nothing, as a target that
 * answers nobody leaves no samples either.
 */
export function evaluateWindows(threshold: Threshold, figures: readonly (number | null)[]): ThresholdResult {
  const { window, key, expression } = threshold;
  const result = { metric: key, expression };
  if (window === undefined) {
    throw new Error(`threshold ${key}: ${expression} has no windows`);
  }
  const { seconds, share: needed } = window;
  const present = figures.filter((value) => value !== null);
  const met = present.filter((value) => meets(threshold, value)).length;
  const windows: ThresholdWindows = {
    ...{ seconds, needed, met, of: figures.length, empty: figures.length - present.length },
    worst: worstOf(threshold, present),
  };
  if (figures.length === 0) {
    const problem = `the load did not last as long as one window of ${seconds} s`;
    return { ...result, ok: false, problem, windows };
  }
  if (present.length === 0) {
    return { ...result, ok: false, windows };
  }
  const actual = met / figures.length;
  return { ...result, actual, ok: actual >= needed, windows };
}

/** The figure that is farthest on the wrong side. */
function worstOf({ operator, bound }: Comparison, figures: readonly number[]): number | null {
  if (figures.length === 0) {
    return null;
  }
  switch (operator) {
    case "<":
    case "<=":
      return Math.max(...figures);
    case ">":
    case ">=":
      return Math.min(...figures);
    case "==":
      return figures.reduce((worst, value) => (Math.abs(value - bound) > Math.abs(worst - bound) ? value : worst));
    case "!=":
      return figures.reduce((worst, value) => (Math.abs(value - bound) < Math.abs(worst - bound) ? value : worst));
  }
}
