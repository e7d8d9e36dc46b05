import { createHash } from "node:crypto";
import type { Dashboard, Marks, Panel, Variable, WiderDashboard } from "./model";
import type { GridPosition, PanelJson } from "./panel-json";
import { renderPanel, renderRow } from "./render-panels";

/** A reference to a data source. */
export interface DataSourceJson {
  type: string;
  uid: string;
}

/** Dashboard JSON as Grafana 8.3 and newer take it. */
export interface DashboardJson {
  uid: string;
  title: string;
  description: string;
  tags: string[];
  schemaVersion: number;
  editable: boolean;
  graphTooltip: number;
  refresh: string;
  time: { from: string; to: string };
  templating: { list: VariableJson[] };
  annotations: { list: AnnotationJson[] };
  links: LinkJson[];
  panels: PanelJson[];
}

/** Of Grafana itself: annotations. */
const ownSource: DataSourceJson = { type: "grafana", uid: "-- Grafana --" };
/** The reader's choice of a store; no uid of a particular one is ever in a dashboard. */
const store: DataSourceJson = { type: "influxdb", uid: "${datasource}" };

/** Tag of every dashboard of ours, by which they are told from those of others. */
export const dashboardTag = "pulumi-k6";

/** Tag of those that the menu opens with the time that is shown. */
const menuTag = "pulumi-k6-menu";

/** Tag of a dashboard that is written over the API, by which a stack knows its own from another stack's. Of a long name it has the beginning. */
export function ownerTag(stack: string): string {
  const tag = `${ownerPrefix}${stack}`;
  if (tag.length <= longestTag) {
    return tag;
  }
  const digest = createHash("sha256").update(stack).digest("hex").slice(0, 8);
  return `${tag.slice(0, longestTag - 9)}~${digest}`;
}

/** The tag of that kind among a dashboard's tags. */
export function ownerAmong(tags: readonly string[]): string | undefined {
  return tags.find((tag) => tag.startsWith(ownerPrefix));
}

const ownerPrefix = "stack:";
// Grafana's database has room for that many characters of a tag.
const longestTag = 50;

/** Grafana's version of the JSON; a newer Grafana takes it further by itself. */
const schemaVersion = 39;

/** Makes Grafana's JSON of a dashboard. */
export function renderDashboard(dashboard: Dashboard): DashboardJson {
  const { uid, title, description, variables, marks, from, wider } = dashboard;
  return {
    ...{ uid, title, description, schemaVersion },
    tags: ["k6", dashboardTag, ...(wider === undefined ? [] : [menuTag])],
    // What is changed by hand would be put back with the next `pulumi up`.
    editable: false,
    graphTooltip: 1,
    refresh: "",
    time: { from, to: "now" },
    templating: { list: [...sources(dashboard), ...variables.map(renderVariable)] },
    annotations: { list: marks.map(renderMarks) },
    links: [menu, ...(wider === undefined ? [] : [linkTo(wider)])],
    panels: placed(dashboard),
  };
}

interface VariableJson {
  type: "datasource" | "query" | "textbox";
  name: string;
  label: string;
  hide: number;
  skipUrlSync: boolean;
  query: string;
  datasource?: DataSourceJson;
  definition?: string;
  refresh?: number;
  sort?: number;
  regex?: string;
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  current?: { text: string; value: string };
  options: never[];
}

function sources(dashboard: Dashboard): VariableJson[] {
  const source = (name: string, label: string, query: string): VariableJson => ({
    ...{ type: "datasource", name, label, query, regex: "", refresh: 1 },
    ...{ hide: 0, skipUrlSync: false, options: [] },
  });
  const usesPrometheus = dashboard.sections.some(({ panels }) =>
    panels.some((panel) => panel.kind === "time" && panel.queries.some((query) => "promql" in query)),
  );
  return [
    source("datasource", "Store", "influxdb"),
    ...(usesPrometheus ? [source("prometheus", "Prometheus", "prometheus")] : []),
  ];
}

function renderVariable(variable: Variable): VariableJson {
  const { name, label } = variable;
  const common = { name, label, hide: 0, skipUrlSync: false, options: [] };
  if (variable.kind === "text") {
    return { ...common, type: "textbox", query: "", current: { text: "", value: "" } };
  }
  const { query, isMulti = false } = variable;
  return {
    ...common,
    type: "query",
    datasource: store,
    query: query.flux,
    definition: query.flux,
    // With the time that is shown: runs come and go.
    refresh: 2,
    // Names of runs descending, everything else ascending.
    sort: isMulti ? 1 : 2,
    regex: "",
    multi: isMulti,
    includeAll: isMulti,
    ...(isMulti ? { allValue: ".*", current: { text: "All", value: "$__all" } } : {}),
  };
}

interface AnnotationJson {
  name: string;
  datasource: DataSourceJson;
  enable: boolean;
  hide: boolean;
  iconColor: string;
  target: { refId: string; type: string; tags: string[]; matchAny: boolean; limit: number };
}

function renderMarks({ name, tags, color }: Marks): AnnotationJson {
  const target = { refId: "Anno", type: "tags", tags, matchAny: false, limit: 100 };
  return { name, datasource: ownSource, enable: true, hide: false, iconColor: color, target };
}

interface LinkJson {
  type: "dashboards" | "link";
  title: string;
  icon: string;
  tooltip: string;
  url: string;
  tags: string[];
  asDropdown: boolean;
  includeVars: boolean;
  keepTime: boolean;
  targetBlank: boolean;
}

const menu: LinkJson = {
  ...{ type: "dashboards", title: "k6", icon: "external link", tooltip: "", url: "" },
  ...{ tags: [menuTag], asDropdown: true, includeVars: true, keepTime: true, targetBlank: false },
};

/** A link that takes the reader's store along, but not the time. */
function linkTo({ uid, title, from }: WiderDashboard): LinkJson {
  return {
    ...{ type: "link", title, icon: "dashboard", tooltip: "", url: `/d/${uid}?from=${from}&to=now` },
    ...{ tags: [], asDropdown: false, includeVars: true, keepTime: false, targetBlank: false },
  };
}

/** Ids of rows, far from those of panels. */
const firstRowId = 1000;
const gridWidth = 24;

/** Lays panels out from left to right, a line as high as its highest, under the titles of their sections. */
function placed({ sections }: Dashboard): PanelJson[] {
  let y = 0;
  return sections.flatMap(({ title, panels }, i) => {
    const row = renderRow(firstRowId + i, title, y);
    const lines = linesOf(panels);
    y += 1;
    const inside = lines.flatMap((line) => {
      let x = 0;
      const here = line.map((panel) => {
        const at: GridPosition = { x, y, w: panel.width, h: panel.height };
        x += panel.width;
        return renderPanel(panel, at, store);
      });
      y += Math.max(...line.map(({ height }) => height));
      return here;
    });
    return [row, ...inside];
  });
}

function linesOf(panels: readonly Panel[]): Panel[][] {
  const lines: Panel[][] = [];
  let left = 0;
  for (const panel of panels) {
    if (panel.width > left) {
      lines.push([]);
      left = gridWidth;
    }
    lines.at(-1)?.push(panel);
    left -= panel.width;
  }
  return lines;
}
