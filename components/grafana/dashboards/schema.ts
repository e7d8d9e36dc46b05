/** Grafana's own types of its JSON, against which ours is checked when it is compiled; nothing of them is there when it runs. */
import type * as grafana from "@grafana/schema";
import type { Options as AnnotationsOptions } from "@grafana/schema/dist/esm/raw/composable/annotationslist/panelcfg/x/AnnotationsListPanelCfg_types.gen";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type {
  FieldConfig as TableField,
  Options as TableOptions,
} from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type {
  FieldConfig as TimeField,
  Options as TimeOptions,
} from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

/** A type as JSON has it: an enumeration is one of its texts. */
type Json<T> = T extends string
  ? string extends T
    ? string
    : `${T}`
  : T extends number
    ? number
    : T extends readonly (infer Item)[]
      ? Json<Item>[]
      : T extends object
        ? { [Key in keyof T]: Json<T[Key]> }
        : T;

// Options may lack what has a default; what Grafana does not know would be refused.
export type SchemaDashboard = Json<grafana.Dashboard>;
export type SchemaStatOptions = Partial<Json<StatOptions>>;
export type SchemaTableOptions = Partial<Json<TableOptions>>;
export type SchemaTableField = Partial<Json<TableField>>;
export type SchemaTimeOptions = Json<TimeOptions>;
export type SchemaTimeField = Json<TimeField>;
export type SchemaAnnotationsOptions = Json<AnnotationsOptions>;
