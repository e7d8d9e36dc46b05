import { runs, trend } from "./flux/fleet";
import type { AnnotationsPanel, Dashboard, TablePanel, TimePanel, Unit } from "./model";
import { chart, failedSteps, ownTag } from "./parts";
import { dashboardUids, uidOf } from "./uids";

/** A cell's link to its run, with the run's own time. */
const toRun = (runUid: string) =>
  `/d/${runUid}?var-datasource=\${datasource}&var-testid=\${__data.fields.Run}` +
  "&from=${__data.fields.from}&to=${__data.fields.to}";

/**
 * All runs, their verdicts, and how they went on.
 *
 * @param name by which the dashboards are told from another stack's
 */
export function fleetDashboard(name?: string): Dashboard {
  return {
    uid: dashboardUids.fleet,
    title: "k6 fleet",
    description: "All runs whose samples are in the time that is shown.",
    variables: [],
    marks: [],
    from: "now-7d",
    sections: [
      { title: "Runs", panels: [runsTable(uidOf(dashboardUids.run, name)), verdicts()] },
      {
        title: "Trend, a point per run",
        panels: [
          trendChart(3, "p95 response time", "p95", "ms"),
          trendChart(4, "Failed requests", "failed", "suffix:%"),
          trendChart(5, "Requests", "requests", "none"),
        ],
      },
    ],
  };
}

function runsTable(runUid: string): TablePanel {
  return {
    ...{ id: 1, kind: "table", title: "Runs", width: 24, height: 7, query: { flux: runs }, empty: "no runs in this time" },
    columns: [
      { field: "testid", title: "Run", link: { title: "Show this run", url: toRun(runUid) } },
      { field: "began", title: "Began", unit: "dateTimeAsIso" },
      { field: "seconds", title: "Took", unit: "s", decimals: 0 },
      { field: "requests", title: "Requests" },
      { field: "failed", title: "Failed share", unit: "percentunit", decimals: 2, steps: failedSteps },
      { field: "p95", title: "p95", unit: "ms", decimals: 1 },
      { field: "ended", title: "Ended", isHidden: true },
      { field: "from", title: "from", isHidden: true },
      { field: "to", title: "to", isHidden: true },
    ],
  };
}

function verdicts(): AnnotationsPanel {
  return {
    ...{ id: 2, kind: "annotations", title: "Verdicts", width: 24, height: 6 },
    description: "What the judge said of each run.",
    tags: [ownTag, "kind:run"],
    ...{ limit: 50, isInRange: true },
  };
}

function trendChart(id: number, title: string, figure: Parameters<typeof trend>[0], unit: Unit): TimePanel {
  return { ...chart({ id, title, unit, queries: [{ flux: trend(figure) }], labelledBy: "test", draw: "points" }), width: 8 };
}
