import type { Cluster } from "../../kube/cluster";
import type { V1OwnerReference } from "@kubernetes/client-node";
import type { BarrierLine } from "../barrier-line";
import type { RunFacts } from "../observe";
import type { EngineName, RunInputs } from "../types";
import type { RunWatch } from "../watch";
import { JobEngine } from "./job/engine";
import { OperatorEngine } from "./operator/engine";
import type { Suspicion } from "./suspicion";

/** How one run is orchestrated. What a run means to everybody else is the same with every engine. */
export interface Engine {
  /** Begins to watch all that belongs to the run; before it is started, since some of it is to be seen for a moment only. */
  watch(): Promise<RunWatch>;
  /** Creates what runs; what is there already is the run's own, left by an attempt whose answer was lost. */
  start(owner: V1OwnerReference): Promise<void>;
  /** Whether what was started is still there. */
  isThere(): Promise<boolean>;
  /** Does what the run needs from us while it goes on. Called at every change; fails only where the run has to be given up. */
  tend(facts: RunFacts): Promise<void>;
  /** What looks wrong before all have started. */
  suspect(facts: RunFacts): Suspicion[];
  /** The start, where the barrier has not told it. */
  startOf(facts: RunFacts): Promise<(BarrierLine & { "pulumi-k6": "started" }) | undefined>;
  /** What no object of the cluster tells: what came of the engine's own requests. */
  learned(): Partial<RunFacts>;
  /** What only logs tell of a run that was not started: sentences on the run as a whole. */
  explain(facts: RunFacts): Promise<string[]>;
  /**
   * Ends the load: asks k6 in every runner and waits up to `graceSeconds` for it (0: does not ask), then deletes what runs. What tells that
   * the run was started stays. Returns when no pod of it is left.
   */
  stop(graceSeconds: number): Promise<void>;
  /** Stops the load with a short grace, and removes all but the record. Returns when no pod is left. */
  remove(): Promise<void>;
}

const engines: Record<EngineName, new (cluster: Cluster, inputs: RunInputs) => Engine> = {
  job: JobEngine,
  operator: OperatorEngine,
};

/** The engine of a run. */
export function engineOf(cluster: Cluster, inputs: RunInputs): Engine {
  return new engines[engineName(inputs)](cluster, inputs);
}

/** A state or a record from before there was a choice names none. */
export function engineName({ engine = "job" }: { engine?: EngineName }): EngineName {
  return engine;
}
