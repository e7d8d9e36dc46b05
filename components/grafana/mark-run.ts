import type { ClusterAccess } from "../kube/cluster";
import type { RunResult } from "../run/types";
import { ensureAnnotation } from "./api/annotations";
import { withGrafana, type Patience } from "./api/client";
import { runAnnotation, type RunGrafana } from "./run-links";

/** What is needed to mark a run. */
export interface MarkedRun extends ClusterAccess {
  run: string;
  grafana?: RunGrafana;
  /** What stands in the header `Authorization` for Grafana's API. Without it nothing is marked. */
  grafanaAuthorization?: string;
}

// A Grafana that is not there shall not hold a verdict back: half a minute at most.
const markingPatience: Patience = { timeoutMs: 5_000 };

/**
 * Writes verdict and reasons of a run over its time in Grafana. The same run is marked once, whatever is tried again. It never fails: what
 * went wrong is said, and the run is what it was.
 */
export async function markRun(
  inputs: MarkedRun,
  result: RunResult,
  say: (line: string) => void,
  times: Patience = markingPatience,
): Promise<void> {
  const { run, grafana, grafanaAuthorization: authorization, kubeconfig, context } = inputs;
  const wish = runAnnotation(result);
  if (grafana === undefined || authorization === undefined || authorization === "" || wish === undefined) {
    return;
  }
  const { url, service } = grafana;
  const way = service === undefined ? { url } : { service };
  const access = {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...{ ...way, authorization },
  };
  try {
    await withGrafana(access, (found) => ensureAnnotation(found, wish), times);
  } catch (error) {
    say(`run ${run}: its verdict is not marked in Grafana: ${error instanceof Error ? error.message : String(error)}`);
  }
}
