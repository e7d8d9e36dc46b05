import * as counts from "./flux/counts";
import { gatewayLosses, heldBack } from "./flux/gateway";
import { percentilesOverTime, quantileOverTimeBy, quantileStat } from "./flux/percentiles";
import { runners, startSkew } from "./flux/tables";
import { usersByRunner } from "./flux/users";
import type { Dashboard, StatPanel, TablePanel, TimePanel } from "./model";
import { allRunners, chart, failedSteps, filled, narrowing, runMarks, runVariable, stat, zeroSteps } from "./parts";
import { dashboardUids } from "./uids";

const byRunner = {
  ...{ labelledBy: "instance_id", labelPrefix: "runner " },
  looks: [{ pattern: `${allRunners}$`, shownAs: allRunners }],
} satisfies Partial<TimePanel>;

/**
 * Whether the load itself was as it should be: each runner's part of it, and what its making took.
 *
 * @param hasPrometheus whether there is one that knows the containers of the cluster
 */
export function generatorsDashboard(hasPrometheus: boolean): Dashboard {
  return {
    uid: dashboardUids.generators,
    title: "k6 generators",
    description:
      "The runners of one run. Where a gateway adds samples up, it does so over all runners, and they are not told apart.",
    variables: [runVariable, ...narrowing],
    marks: runMarks,
    from: "now-15m",
    sections: filled([
      { title: "Summary", panels: [skew(), dropped(), blocked(), lost()] },
      { title: "By runner", panels: [requestsByRunner(), p95ByRunner(), vusByRunner(), droppedByRunner(), runnersTable()] },
      { title: "What making requests took", panels: [blockedOverTime(), iterationOverTime(), heldBackTable()] },
      { title: "Pods", panels: hasPrometheus ? [cpu(), throttling(), memory()] : [] },
    ]),
  };
}

function skew(): StatPanel {
  return stat({
    ...{ id: 1, title: "Start skew", unit: "ms", decimals: 0 },
    description:
      "From the first runner's first request to the last one's first. Not known where samples are added up over runners.",
    query: { flux: startSkew },
  });
}

function dropped(): StatPanel {
  const query = { flux: counts.sumStat({ metric: "dropped_iterations", narrowed: "scenario" }) };
  return stat({ id: 2, title: "Dropped iterations", query, unit: "none", decimals: 0, steps: zeroSteps });
}

function blocked(): StatPanel {
  return stat({
    ...{ id: 3, title: "p95 waiting for a connection", unit: "ms", decimals: 2 },
    description: "Time of a request before it was sent. It is the generator's, or the network's, and not the target's.",
    query: { flux: quantileStat({ metric: "http_req_blocked", narrowed: "name" }, 0.95) },
  });
}

function lost(): StatPanel {
  return stat({
    ...{ id: 4, title: "Points lost by the gateway", unit: "none", decimals: 0, steps: zeroSteps },
    description: "In the time that is shown, of all runs: what did not fit into its buffer, and what the store refused.",
    query: { flux: gatewayLosses },
  });
}

function requestsByRunner(): TimePanel {
  const query = { flux: counts.ratePerSecondBy({ metric: "http_reqs", narrowed: "name" }, "instance_id", allRunners) };
  return chart({ id: 5, title: "Requests per second", queries: [query], unit: "reqps", ...byRunner });
}

function p95ByRunner(): TimePanel {
  const query = { flux: quantileOverTimeBy({ metric: "http_req_duration", narrowed: "name" }, 0.95, "instance_id", allRunners) };
  return chart({ id: 6, title: "p95 response time", queries: [query], unit: "ms", ...byRunner });
}

function vusByRunner(): TimePanel {
  const queries = [{ flux: usersByRunner(allRunners) }];
  return chart({ id: 7, title: "Active VUs", queries, unit: "none", draw: "step", ...byRunner });
}

function droppedByRunner(): TimePanel {
  const of = { metric: "dropped_iterations", narrowed: "scenario" } as const;
  const query = { flux: counts.ratePerSecondBy(of, "instance_id", allRunners) };
  return chart({ id: 8, title: "Dropped iterations per second", queries: [query], unit: "ops", ...byRunner });
}

function runnersTable(): TablePanel {
  return {
    ...{ id: 9, kind: "table", title: "Runners", width: 24, height: 6, query: { flux: runners } },
    empty: "runners are not told apart where samples are added up",
    columns: [
      { field: "instance_id", title: "Runner" },
      { field: "requests", title: "Requests" },
      { field: "failed", title: "Failed share", unit: "percentunit", decimals: 2, steps: failedSteps },
      { field: "p95", title: "p95", unit: "ms", decimals: 1 },
      { field: "vus", title: "Most VUs" },
      { field: "dropped", title: "Dropped" },
      { field: "start", title: "First request", unit: "ms", decimals: 0 },
      { field: "end", title: "Last request", unit: "ms", decimals: 0 },
    ],
  };
}

function blockedOverTime(): TimePanel {
  const queries = [{ flux: percentilesOverTime({ metric: "http_req_blocked", narrowed: "name" }) }];
  return chart({ id: 10, title: "Waiting for a connection", queries, unit: "ms" });
}

function iterationOverTime(): TimePanel {
  const queries = [{ flux: percentilesOverTime({ metric: "iteration_duration", narrowed: "scenario" }) }];
  return chart({ id: 11, title: "Iteration", queries, unit: "ms" });
}

function heldBackTable(): TablePanel {
  return {
    ...{ id: 12, kind: "table", title: "Tags held back by the gateway", width: 24, height: 5, query: { flux: heldBack(true) } },
    empty: "none",
    columns: [
      { field: "tag", title: "Tag" },
      { field: "reason", title: "Limit" },
      { field: "metric", title: "Metric" },
      { field: "offender", title: "Example" },
      { field: "testid", title: "Run", isHidden: true },
    ],
  };
}

const pods = `pod=~"\${testid}.*",container="k6"`;

function cpu(): TimePanel {
  const queries = [{ promql: `sum by (pod) (rate(container_cpu_usage_seconds_total{${pods}}[1m]))` }];
  return chart({ id: 13, title: "CPU, cores", queries, unit: "none", labelledBy: "pod" });
}

function throttling(): TimePanel {
  const rate = (what: string) => `sum by (pod) (rate(container_cpu_cfs_${what}_total{${pods}}[1m]))`;
  const queries = [{ promql: `100 * ${rate("throttled_periods")} / ${rate("periods")}` }];
  return chart({ id: 14, title: "Throttled periods", queries, unit: "suffix:%", labelledBy: "pod" });
}

function memory(): TimePanel {
  const queries = [{ promql: `sum by (pod) (container_memory_working_set_bytes{${pods}})` }];
  return chart({ id: 15, title: "Memory", queries, unit: "bytes", labelledBy: "pod" });
}
