import type { Cluster } from "../../../components/kube/cluster";
import { execute } from "../../../components/run/execute";
import type { Progress } from "../../../components/run/progress";
import { noFigures } from "../../../components/run/judge";
import { claimRecord, saveResult } from "../../../components/run/record";
import type { RunInputs, RunResult, RunState, Verdict } from "../../../components/run/types";
import { decide } from "../../../components/run/verdict";

/** What came out of a run, judged with a store that holds what the runners count. */
export interface Outcome {
  verdict: Verdict;
  reasons: string[];
  runners: RunState["runners"];
}

/** What Pulumi's provider does to create a run, without the store: makes the run or attaches to it, sees it to its end, keeps the result. */
export async function conduct(cluster: Cluster, inputs: RunInputs, progress: Progress, stop?: AbortSignal): Promise<Outcome> {
  const record = await claimRecord(cluster, inputs);
  if (record.result !== undefined) {
    return record.result;
  }
  const outcome = outcomeOf(inputs, await execute(cluster, inputs, record, progress, stop));
  await saveResult(cluster, inputs, outcome as unknown as RunResult);
  return outcome;
}

export function outcomeOf(inputs: RunInputs, state: RunState): Outcome {
  const sum = (what: "requests" | "iterations") => state.runners.reduce((all, { totals }) => all + (totals?.[what] ?? 0), 0);
  const figures = { ...noFigures, requests: sum("requests"), iterations: sum("iterations") };
  // Busy machines start runners less evenly, which is not looked at here.
  const limits = { startSkewMs: 10_000, droppedIterationsRatio: 0 };
  return { ...decide({ ...inputs, limits }, state, { figures, thresholds: [] }), runners: state.runners };
}
