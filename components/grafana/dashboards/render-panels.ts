import type { AnnotationsPanel, Column, Panel, SeriesLook, StatPanel, Step, TablePanel, TimePanel } from "./model";
import type { DataSourceJson } from "./render";
import type {
  SchemaAnnotationsOptions,
  SchemaStatOptions,
  SchemaTableField,
  SchemaTableOptions,
  SchemaTimeField,
  SchemaTimeOptions,
} from "./schema";

/** Where a panel is. */
export interface GridPosition {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A panel or row as Grafana takes it. */
export interface PanelJson {
  id: number;
  type: string;
  title: string;
  gridPos: GridPosition;
  description?: string;
  collapsed?: boolean;
  panels?: never[];
  datasource?: DataSourceJson;
  interval?: string;
  maxDataPoints?: number;
  targets?: TargetJson[];
  fieldConfig?: { defaults: FieldJson; overrides: OverrideJson[] };
  options?: Record<string, unknown>;
  transformations?: { id: string; options: Record<string, unknown> }[];
}

// A type, since interfaces do not fit where Grafana takes any record.
type TargetJson = {
  refId: string;
  datasource: DataSourceJson;
  query?: string;
  expr?: string;
  legendFormat?: string;
};

interface FieldJson {
  unit?: string;
  decimals?: number;
  min?: number;
  displayName?: string;
  noValue?: string;
  color?: { mode: "thresholds" | "palette-classic" };
  thresholds?: ThresholdsJson;
  mappings: never[];
  custom?: Record<string, unknown>;
}

interface ThresholdsJson {
  mode: "absolute";
  steps: { value: number | null; color: string }[];
}

interface OverrideJson {
  matcher: { id: string; options: string };
  properties: { id: string; value: unknown }[];
}

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

type Rest = Omit<PanelJson, "id" | "title" | "gridPos">;

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

function lookJson({ name, color, isDashed = false }: SeriesLook): OverrideJson {
  const dashes = { fill: "dash", dash: [6, 6] };
  return {
    matcher: { id: "byName", options: name },
    properties: [
      { id: "color", value: { mode: "fixed", fixedColor: color === "gray" ? "#8a949e" : color } },
      ...(isDashed
        ? [
            { id: "custom.lineStyle", value: dashes },
            { id: "custom.fillOpacity", value: 0 },
          ]
        : []),
    ],
  };
}

const tableField = { align: "auto", filterable: false, minWidth: 80 } satisfies SchemaTableField;

function tableJson({ query, columns, empty }: TablePanel, store: DataSourceJson): Rest {
  const byField = <T>(value: (column: Column, i: number) => T) =>
    Object.fromEntries(columns.map((column, i) => [column.field, value(column, i)]));
  return {
    type: "table",
    datasource: store,
    targets: [{ refId: "A", datasource: store, query: query.flux }],
    fieldConfig: {
      defaults: { noValue: empty, mappings: [], custom: tableField },
      overrides: columns.map(columnJson).filter(({ properties }) => properties.length > 0),
    },
    options: { showHeader: true } satisfies SchemaTableOptions,
    transformations: [
      {
        id: "organize",
        options: { excludeByName: {}, indexByName: byField((_, i) => i), renameByName: byField(({ title }) => title) },
      },
    ],
  };
}

/** The first is how tables of older Grafanas hide a column, the second how the types of 13 have it. */
const hidden = [
  { id: "custom.hidden", value: true },
  { id: "custom.hideFrom", value: { viz: true, legend: false, tooltip: false } satisfies SchemaTableField["hideFrom"] },
];

/** By its title, which is its name once the columns are renamed. */
function columnJson({ title, unit, decimals, steps, isHidden = false, link }: Column): OverrideJson {
  const property = (id: string, value: unknown) => (value === undefined ? [] : [{ id, value }]);
  return {
    matcher: { id: "byName", options: title },
    properties: [
      ...property("unit", unit),
      ...property("decimals", decimals),
      ...(steps === undefined
        ? []
        : [
            { id: "thresholds", value: thresholds(steps) },
            { id: "color", value: { mode: "thresholds" } },
            { id: "custom.cellOptions", value: { type: "color-text" } },
          ]),
      ...(isHidden ? hidden : []),
      ...property("links", link === undefined ? undefined : [{ ...link, targetBlank: false }]),
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

/** Always told: by itself Grafana paints everything from 80 red. */
function thresholds(steps: readonly Step[]): ThresholdsJson {
  return { mode: "absolute", steps: steps.map(({ from = null, color }) => ({ value: from, color })) };
}
