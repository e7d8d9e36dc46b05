/** Dashboards as plain values: what is shown, by which query and in which unit. A renderer makes the JSON of a version of Grafana of it. */

/** A unit as Grafana knows it. */
export type Unit =
  "none" | "reqps" | "ops" | "cps" | "ms" | "s" | "percentunit" | "suffix:%" | "Bps" | "bytes" | "decbytes" | "dateTimeAsIso";

/** A colour from a value on. */
export interface Step {
  /** @default from the smallest value */
  from?: number;
  color: "text" | "green" | "orange" | "red";
}

/** A query in Flux, to the store. */
export interface FluxQuery {
  flux: string;
}

/** A query to the cluster's Prometheus. */
export interface PromQuery {
  promql: string;
}

/** What all panels have. */
interface Common {
  /** Unique in its dashboard, and the same for ever: links to a panel carry it. */
  id: number;
  title: string;
  /** How to read it, where the title does not say all. */
  description?: string;
  /** Of 24. */
  width: number;
  /** In units of about 38 pixels. */
  height: number;
}

/** One number. */
export interface StatPanel extends Common {
  kind: "stat";
  query: FluxQuery;
  unit: Unit;
  decimals: number;
  /** @default the colour of text */
  steps?: Step[];
}

/** How some series differ from the others: that of a name, or all whose names fit a regular expression. */
export type SeriesLook = ({ name: string } | { pattern: string }) & {
  /** @default one of its own */
  color?: "red" | "orange" | "purple" | "gray";
  isDashed?: boolean;
  /** What the legend calls it. @default its name */
  shownAs?: string;
};

/** Values over time. */
export interface TimePanel extends Common {
  kind: "time";
  queries: (FluxQuery | PromQuery)[];
  unit: Unit;
  /** The label whose value names a series, e.g. `series`. */
  labelledBy: string;
  /** In front of the label. @default nothing */
  labelPrefix?: string;
  looks?: SeriesLook[];
  /** @default "line" */
  draw?: "line" | "step" | "bars" | "points";
  /** Shortest window, seconds, a whole number. @default 5, in which a gateway adds up */
  windowSeconds?: number;
}

/** A column of a table. */
export interface Column {
  /** Its name in the answer. */
  field: string;
  title: string;
  unit?: Unit;
  decimals?: number;
  steps?: Step[];
  /** Pixels, where others need more. @default as wide as the others */
  pixels?: number;
  /** Not shown, but links of other columns can use it. */
  isHidden?: boolean;
  /** Where its cells lead to, with Grafana's variables. */
  link?: { title: string; url: string };
}

/** Rows and columns. */
export interface TablePanel extends Common {
  kind: "table";
  query: FluxQuery;
  columns: Column[];
  /** What it says without rows. */
  empty: string;
}

/** Annotations as a list. */
export interface AnnotationsPanel extends Common {
  kind: "annotations";
  /** All of them must be there. */
  tags: string[];
  /** Most of them. */
  limit: number;
  /** Whether only those of the time that is shown. */
  isInRange: boolean;
}

export type Panel = StatPanel | TimePanel | TablePanel | AnnotationsPanel;

/** Panels under a title. */
export interface Section {
  title: string;
  panels: Panel[];
}

/** A choice of the reader's whose values a query gives. */
export interface QueryVariable {
  kind: "query";
  name: string;
  label: string;
  query: FluxQuery;
  /** Several values or all of them; a query takes it as `${name:regex}`. @default one value */
  isMulti?: boolean;
}

/** A text that a link gives. */
export interface TextVariable {
  kind: "text";
  name: string;
  label: string;
}

export type Variable = QueryVariable | TextVariable;

/** Annotations over the charts. */
export interface Marks {
  name: string;
  tags: string[];
  color: string;
}

/** A dashboard. */
export interface Dashboard {
  /** By which it is found and replaced: letters, digits, `_` and `-`, at most 40. */
  uid: string;
  title: string;
  description: string;
  variables: Variable[];
  marks: Marks[];
  sections: Section[];
  /** What is shown at first, e.g. `now-15m`. */
  from: string;
  /** A dashboard that the menu opens with a time of its own. @default this one is it */
  wider?: WiderDashboard;
}

/** A dashboard that is of no use in the time of one run. */
export type WiderDashboard = Pick<Dashboard, "uid" | "title" | "from">;

/** All panels of a dashboard in their order. */
export function panelsOf({ sections }: Dashboard): Panel[] {
  return sections.flatMap(({ panels }) => panels);
}

/** The queries of a panel to the store. */
export function fluxOf(panel: Panel): string[] {
  switch (panel.kind) {
    case "stat":
    case "table":
      return [panel.query.flux];
    case "time":
      return panel.queries.flatMap((query) => ("flux" in query ? [query.flux] : []));
    case "annotations":
      return [];
  }
}

/** The queries of a panel to Prometheus. */
export function promqlOf(panel: Panel): string[] {
  return panel.kind === "time" ? panel.queries.flatMap((query) => ("promql" in query ? [query.promql] : [])) : [];
}
