import { gatewayBuffer, gatewayLosses, gatewayRate, heldBack, pointsByRun, seriesInStore } from "./flux/gateway";
import type { Dashboard, StatPanel, TablePanel, TimePanel } from "./model";
import { chart, filled, stat, zeroSteps } from "./parts";
import { dashboardUids } from "./uids";

// A gateway tells its counters every five seconds, and runners write in bursts: shorter windows would be empty now and then, and zigzag.
const windowSeconds = 10;

/**
 * The way of samples to the store, the store, and the operator.
 *
 * @param hasPrometheus whether there is one that scrapes operator and store
 */
export function platformDashboard(hasPrometheus: boolean): Dashboard {
  return {
    uid: dashboardUids.platform,
    title: "k6 platform",
    description: "Gateway, store and operator of load tests.",
    variables: [],
    marks: [],
    from: "now-1h",
    sections: filled([
      { title: "Gateway", panels: [lost(), series(), points(), buffer(), heldBackTable()] },
      { title: "Store", panels: hasPrometheus ? [pointsTable(12), storeSize()] : [pointsTable(24)] },
      { title: "Operator", panels: hasPrometheus ? [reconcileErrors(), reconcileTime()] : [] },
    ]),
  };
}

function lost(): StatPanel {
  return {
    ...stat({ id: 1, title: "Points lost", query: { flux: gatewayLosses }, unit: "none", decimals: 0, steps: zeroSteps }),
    description: "What did not fit into the gateway's buffer, and what the store refused.",
    width: 12,
  };
}

function series(): StatPanel {
  return {
    ...stat({ id: 2, title: "Series in the store", query: { flux: seriesInStore }, unit: "none", decimals: 0 }),
    width: 12,
  };
}

function points(): TimePanel {
  return chart({
    ...{ id: 3, title: "Points per second", unit: "cps", windowSeconds },
    queries: [
      { flux: gatewayRate("metrics_added", "taken") },
      { flux: gatewayRate("metrics_written", "stored") },
      { flux: gatewayRate("metrics_dropped", "lost") },
    ],
    looks: [{ name: "lost", color: "red" }],
  });
}

function buffer(): TimePanel {
  const queries = [{ flux: gatewayBuffer }];
  return chart({ id: 4, title: "Points waiting, by replica", queries, unit: "none", labelledBy: "relay", windowSeconds });
}

function heldBackTable(): TablePanel {
  return {
    ...{ id: 5, kind: "table", title: "Tags held back", width: 24, height: 6, query: { flux: heldBack(false) }, empty: "none" },
    columns: [
      { field: "testid", title: "Run" },
      { field: "tag", title: "Tag" },
      { field: "reason", title: "Limit" },
      { field: "metric", title: "Metric" },
      { field: "offender", title: "Example" },
    ],
  };
}

function pointsTable(width: number): TablePanel {
  return {
    ...{ id: 6, kind: "table", title: "Points of each run", width, height: 7, query: { flux: pointsByRun }, empty: "none" },
    columns: [
      { field: "testid", title: "Run" },
      { field: "points", title: "Points" },
    ],
  };
}

function storeSize(): TimePanel {
  const queries = [{ promql: `sum by (bucket) (storage_shard_disk_size)` }];
  return chart({ id: 7, title: "Size of the store, by bucket", queries, unit: "bytes", labelledBy: "bucket" });
}

function reconcileErrors(): TimePanel {
  const queries = [
    {
      promql: `sum by (controller) (rate(controller_runtime_reconcile_errors_total{controller=~"testrun|privateloadzone"}[5m]))`,
    },
  ];
  return chart({ id: 8, title: "Errors of the operator per second", queries, unit: "ops", labelledBy: "controller" });
}

function reconcileTime(): TimePanel {
  const bucket = `sum by (controller, le) (rate(controller_runtime_reconcile_time_seconds_bucket{controller=~"testrun|privateloadzone"}[5m]))`;
  const queries = [{ promql: `histogram_quantile(0.95, ${bucket})` }];
  return chart({ id: 9, title: "p95 of a reconciliation", queries, unit: "s", labelledBy: "controller" });
}
