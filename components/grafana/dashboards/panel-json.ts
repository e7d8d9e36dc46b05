import type { Step } from "./model";
import type { DataSourceJson } from "./render";

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

/** A query. */
// A type, since interfaces do not fit where Grafana takes any record.
export type TargetJson = {
  refId: string;
  datasource: DataSourceJson;
  query?: string;
  expr?: string;
  legendFormat?: string;
};

/** How values are shown. */
export interface FieldJson {
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

/** Colours from values on. */
export interface ThresholdsJson {
  mode: "absolute";
  steps: { value: number | null; color: string }[];
}

/** How some of the values are shown. */
export interface OverrideJson {
  matcher: { id: string; options: string };
  properties: { id: string; value: unknown }[];
}

/** A property of an override; nothing where there is no value. */
export function property(id: string, value: unknown): OverrideJson["properties"] {
  return value === undefined ? [] : [{ id, value }];
}

/** What a kind of panel adds. */
export type Rest = Omit<PanelJson, "id" | "title" | "gridPos">;

/** Always told: by itself Grafana paints everything from 80 red. */
export function thresholds(steps: readonly Step[]): ThresholdsJson {
  return { mode: "absolute", steps: steps.map(({ from = null, color }) => ({ value: from, color })) };
}
