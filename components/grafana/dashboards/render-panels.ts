import type { AnnotationsPanel, Panel, SeriesLook, StatPanel, TimePanel } from "./model";
import { property, thresholds, type GridPosition, type OverrideJson, type PanelJson, type Rest } from "./panel-json";
import type { DataSourceJson } from "./render";
import { tableJson } from "./render-tables";
import type { SchemaAnnotationsOptions, SchemaStatOptions, SchemaTimeField, SchemaTimeOptions } from "./schema";

const prometheus: DataSourceJson = { type: "prometheus", uid: "${prometheus}" };

/** More points than this are more than a chart has pixels for lines. */
const maxDataPoints = 300;

/** The title of a section. */
export function renderRow(id: number, title: string, y: number): PanelJson {
  return { id, type: "row", title, collapsed: false, gridPos: { x: 0, y, w: 24, h: 1 }, panels: [] };
}

/** Makes Grafana's JSON of a panel; `store` is what its Flux asks. */
export function renderPanel(panel: Panel, gridPos: GridPosition, store: DataSourceJson): PanelJson {
  const { id, title, description } = panel;
  const common = { id, title, gridPos, ...(description === undefined ? {} : { description }) };
  switch (panel.kind) {
    case "stat":
      return { ...common, ...statJson(panel, store) };
    case "time":
      return { ...common, ...timeJson(panel, store) };
    case "table":
      return { ...common, ...tableJson(panel, store) };
    case "annotations":
      return { ...common, ...annotationsJson(panel) };
  }
}

/** Of the digits of a number, pixels. */
const statSize = 32;

function statJson({ query, unit, decimals, steps = [{ color: "text" }] }: StatPanel, store: DataSourceJson): Rest {
  return {
    type: "stat",
    datasource: store,
    targets: [{ refId: "A", datasource: store, query: query.flux }],
    fieldConfig: {
      defaults: { unit, decimals, noValue: "-", mappings: [], color: { mode: "thresholds" }, thresholds: thresholds(steps) },
      overrides: [],
    },
    options: {
      reduceOptions: { values: false, calcs: ["lastNotNull"], fields: "" },
      ...{ orientation: "auto", textMode: "value", colorMode: "value", graphMode: "none", justifyMode: "center" },
      // By itself a short number is shown twice as large as the long one beside it.
      text: { valueSize: statSize },
    } satisfies SchemaStatOptions,
  };
}

function timeJson(panel: TimePanel, store: DataSourceJson): Rest {
  const { queries, unit, labelledBy, labelPrefix = "", looks = [], windowSeconds = 5 } = panel;
  const isOfStore = queries.every((query) => "flux" in query);
  return {
    type: "timeseries",
    datasource: isOfStore ? store : prometheus,
    // A whole number: Flux does not know `1.5s`.
    interval: `${windowSeconds}s`,
    maxDataPoints,
    targets: queries.map((query, i) => {
      const refId = String.fromCharCode("A".charCodeAt(0) + i);
      return "flux" in query
        ? { refId, datasource: store, query: query.flux }
        : { refId, datasource: prometheus, expr: query.promql, legendFormat: `{{${labelledBy}}}` };
    }),
    fieldConfig: {
      defaults: {
        ...{ unit, min: 0, mappings: [], color: { mode: "palette-classic" }, thresholds: thresholds([{ color: "text" }]) },
        displayName: `${labelPrefix}\${__field.labels.${labelledBy}}`,
        custom: drawn(panel),
      },
      overrides: looks.map(lookJson),
    },
    options: {
      tooltip: { mode: "multi", sort: "desc" },
      // Means over windows that were filled with zeros would be wrong: numbers are on top.
      legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
    } satisfies SchemaTimeOptions,
  };
}

function drawn({ draw = "line", unit }: TimePanel): Record<string, unknown> {
  const isBars = draw === "bars";
  const isPoints = draw === "points";
  return {
    drawStyle: isBars ? "bars" : isPoints ? "points" : "line",
    lineInterpolation: draw === "step" ? "stepAfter" : "linear",
    lineWidth: isBars ? 0 : 2,
    fillOpacity: isBars ? 80 : unit === "ms" ? 0 : 8,
    showPoints: isPoints ? "always" : "never",
    pointSize: isPoints ? 8 : 5,
    // A window without a sample is a gap, not a line.
    spanNulls: false,
    stacking: { mode: isBars ? "normal" : "none", group: "A" },
  } satisfies SchemaTimeField;
}

function lookJson({ color, isDashed = false, shownAs, ...of }: SeriesLook): OverrideJson {
  const fixedColor = color === "gray" ? "#8a949e" : color;
  return {
    matcher: "name" in of ? { id: "byName", options: of.name } : { id: "byRegexp", options: `/${of.pattern}/` },
    properties: [
      ...property("color", fixedColor === undefined ? undefined : { mode: "fixed", fixedColor }),
      ...property("custom.lineStyle", isDashed ? { fill: "dash", dash: [6, 6] } : undefined),
      ...property("custom.fillOpacity", isDashed ? 0 : undefined),
      ...property("displayName", shownAs),
    ],
  };
}

function annotationsJson({ tags, limit, isInRange }: AnnotationsPanel): Rest {
  return {
    type: "annolist",
    options: {
      ...{ tags, limit, onlyFromThisDashboard: false, onlyInTimeRange: isInRange },
      ...{
        showTags: false,
        showTime: true,
        showUser: false,
        navigateToPanel: false,
        navigateBefore: "10s",
        navigateAfter: "10s",
      },
    } satisfies SchemaAnnotationsOptions,
    fieldConfig: { defaults: { mappings: [] }, overrides: [] },
  };
}
