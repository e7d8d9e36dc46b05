import * as flux from "./flux/compare";
import { runNames } from "./flux/variables";
import type { Column, Dashboard, TablePanel, TimePanel } from "./model";
import { chart, failedSteps, narrowing, runVariable } from "./parts";
import { dashboardUids } from "./uids";

const looks = [{ name: "baseline", color: "gray", isDashed: true }] as const;

/** Two runs, drawn from the same left edge, whenever they were. */
export const compareDashboard: Dashboard = {
  uid: dashboardUids.compare,
  title: "k6 compare",
  description: "Two runs side by side. Both begin at the left edge: show as much time as the longer one took.",
  variables: [{ kind: "query", name: "baseline", label: "Baseline", query: { flux: runNames } }, runVariable, ...narrowing],
  marks: [],
  from: "now-15m",
  sections: [
    { title: "Figures", panels: [figures(), endpoints()] },
    { title: "Over time", panels: [requests(), percentile(3, 0.5), percentile(4, 0.95), percentile(5, 0.99), failed(), users()] },
  ],
};

function figures(): TablePanel {
  return {
    ...{
      id: 1,
      kind: "table",
      title: "Both runs",
      width: 24,
      height: 12,
      query: { flux: flux.compared },
      empty: "choose two runs",
    },
    columns: [
      { field: "figure", title: "Figure" },
      { field: "baseline", title: "Baseline" },
      { field: "run", title: "Run" },
      { field: "change", title: "Change", unit: "percentunit", decimals: 1 },
    ],
  };
}

function requests(): TimePanel {
  return over(2, { title: "Requests per second", unit: "reqps", queries: [{ flux: flux.requestsPerSecond }] });
}

function percentile(id: number, q: number): TimePanel {
  return over(id, { title: `p${q * 100} response time`, unit: "ms", queries: [{ flux: flux.percentile(q) }] });
}

function failed(): TimePanel {
  return over(6, { title: "Failed requests", unit: "suffix:%", queries: [{ flux: flux.failedShare }] });
}

function users(): TimePanel {
  return over(7, { title: "Active VUs", unit: "none", draw: "step", queries: [{ flux: flux.users }] });
}

function endpoints(): TablePanel {
  const pair = (field: string, title: string, look: Partial<Column>): Column[] =>
    (["baseline", "run"] as const).map((which) => ({ field: `${field}_${which}`, title: `${title}, ${which}`, ...look }));
  return {
    ...{ id: 8, kind: "table", title: "Endpoints", width: 24, height: 7, query: { flux: flux.endpoints }, empty: "no requests" },
    columns: [
      { field: "name", title: "Name" },
      ...pair("requests", "Requests", {}),
      ...pair("failed", "Failed", { unit: "percentunit", decimals: 2, steps: failedSteps }),
      ...pair("p50", "p50", { unit: "ms", decimals: 1 }),
      ...pair("p95", "p95", { unit: "ms", decimals: 1 }),
      ...pair("p99", "p99", { unit: "ms", decimals: 1 }),
    ],
  };
}

function over(id: number, panel: Pick<TimePanel, "title" | "unit" | "queries" | "draw">): TimePanel {
  return chart({ id, ...panel, looks: [...looks] });
}
