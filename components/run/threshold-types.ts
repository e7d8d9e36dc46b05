/** What thresholds are made of and what comes out of them. Plain JSON, as in types.ts. */
import type { MetricType } from "./thresholds-builtin";

/** A threshold on the result of a Flux query: what the systems beside the runners say of themselves. */
export interface QueryThreshold {
  /** Flux that gives one number. `run` is a record with `bucket`, `testid`, `start` and `stop` of the run. */
  flux: string;
  /** E.g. `value<80`. */
  threshold: string;
}

/** One threshold over the pooled samples of all runners. */
export interface ThresholdResult {
  metric: string;
  expression: string;
  /** Of one in windows, the share of windows that met it. `undefined`: there was nothing to evaluate. */
  actual?: number;
  ok: boolean;
  /** Who set it: the load test (also where absent), the script, or a query of the load test, whose name is then `metric`. */
  source?: "test" | "script" | "query";
  /** Why there was nothing to evaluate, where more is known than that. */
  problem?: string;
  /** Of one that is evaluated in windows. */
  windows?: ThresholdWindows;
  /** How the runners find a threshold of the script, each over its own samples: indexes. */
  runners?: { met: number[]; missed: number[] };
  /** Set where only the runners can judge it, as no sample carries what it asks for to the store. */
  onlyRunners?: true;
}

/** A threshold over windows. */
export interface ThresholdWindows {
  /** Length of a window, seconds. */
  seconds: number;
  /** Share of windows that must meet it. */
  needed: number;
  met: number;
  of: number;
  /** Of them without a sample; they meet nothing. */
  empty: number;
  /** The figure of the window that is worst. */
  worst: number | null;
}

/** A threshold of the script, as one runner finds it over its own samples. */
export interface RunnerThreshold {
  metric: string;
  expression: string;
  ok: boolean;
  type: MetricType;
  /** Set where the script has `abortOnFail`. */
  aborts?: true;
}

/** Of a cgroup's `cpu.stat`: periods of 100 ms in which something ran, and those of them in which it had used up its CPU limit. */
export interface CpuThrottling {
  periods: number;
  throttledPeriods: number;
}
