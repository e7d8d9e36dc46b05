import type { V1Job, V1Pod } from "@kubernetes/client-node";
import type { EngineName } from "../types";
import { jobLayout } from "./job/layout";
import { operatorLayout } from "./operator/layout";

/** How an engine's pods and Jobs tell which runner is theirs; runners are counted from 0. */
export interface RunnerLayout {
  /** `undefined` for a pod that is no runner. */
  indexOf(run: string, pod: V1Pod): number | undefined;
  /** Name of the Job that makes a runner's pod. */
  jobOf(run: string, index: number): string;
  /** Whether a runner that has no pod has had one. */
  isPast(run: string, jobs: readonly V1Job[], index: number): boolean;
}

const layouts: Record<EngineName, RunnerLayout> = { job: jobLayout, operator: operatorLayout };

export function layoutOf(engine: EngineName): RunnerLayout {
  return layouts[engine];
}
