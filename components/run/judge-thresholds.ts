import { aggregationSeconds } from "../metrics/gateway/names";
import { firstWindow, fitsSteps, wholeSteps } from "./store-aggregated-windows";
import type { Scope } from "./store-query";
import type { Store } from "./store";
import { runQuery } from "./store-user-query";
import { windowFigures, type Load } from "./store-windows";
import { queryThreshold, type QueryThresholds } from "./query-thresholds";
import { parseThresholds, type Threshold } from "./thresholds";
import { evaluate, evaluateWindows, meets } from "./thresholds-evaluate";
import { scriptResult, scriptThresholds } from "./thresholds-script";
import type { QueryThreshold, ThresholdResult } from "./threshold-types";
import type { RunnerReport, ThresholdMap } from "./types";

/** Whatever sets thresholds to a run. */
export interface ThresholdSources {
  thresholds: ThresholdMap;
  queries?: QueryThresholds;
  /** They tell the script's own thresholds. */
  runners?: readonly RunnerReport[];
}

/** Evaluates all thresholds of a run: of the load test, of the script, and on queries. `load`: the time with load. */
export async function readThresholds(
  store: Store,
  scope: Scope,
  load: Load,
  { thresholds, queries = {}, runners = [] }: ThresholdSources,
): Promise<ThresholdResult[]> {
  const judged = (threshold: Threshold) => judgedOver(store, scope, load, threshold);
  const groups = await Promise.all([
    Promise.all(parseThresholds(thresholds).map(judged)),
    Promise.all(
      scriptThresholds(runners).map(async (own) =>
        scriptResult(own, own.pooled === undefined ? undefined : await judged(own.pooled)),
      ),
    ),
    Promise.all(Object.entries(queries).map(([name, query]) => judgedQuery(store, scope, name, query))),
  ]);
  return groups.flat();
}

async function judgedOver(store: Store, scope: Scope, load: Load, threshold: Threshold): Promise<ThresholdResult> {
  const { window } = threshold;
  if (window === undefined) {
    return evaluate(threshold, await store.figureOf(threshold));
  }
  if (!fitsSteps(window.seconds, scope.mode)) {
    return { ...evaluate(threshold, undefined), problem: cutSteps(window.seconds) };
  }
  const { start, stop } = load;
  const result = evaluateWindows(
    threshold,
    await windowFigures(store, scope, { start: firstWindow(start, scope.mode), stop }, threshold),
  );
  return result.windows?.of === 0 && scope.mode === "aggregated"
    ? { ...result, problem: `${result.problem}, counted from the next full ${aggregationSeconds} s of the gateway's clock` }
    : result;
}

function cutSteps(seconds: number): string {
  return `its windows of ${seconds} s are no multiple of the ${aggregationSeconds} s that the gateway adds up. Use for example "over ${wholeSteps(seconds, "aggregated")}s"`;
}

async function judgedQuery(store: Store, scope: Scope, name: string, query: QueryThreshold): Promise<ThresholdResult> {
  const threshold = queryThreshold(name, query);
  const base = { metric: name, expression: threshold.expression, source: "query" } as const;
  const answer = await runQuery(store, scope, query.flux);
  return "problem" in answer
    ? { ...base, ok: false, problem: answer.problem }
    : { ...base, actual: answer.value, ok: meets(threshold, answer.value) };
}
