import type { Column, TablePanel } from "./model";
import { property, thresholds, type OverrideJson, type Rest } from "./panel-json";
import type { DataSourceJson } from "./render";
import type { SchemaTableField, SchemaTableOptions } from "./schema";

// Titles of narrow columns take two lines, from 12.1 on.
const tableField = { align: "auto", filterable: false, minWidth: 80, wrapHeaderText: true } satisfies SchemaTableField;

/** Makes Grafana's JSON of a table; `store` is what its Flux asks. */
export function tableJson({ query, columns, empty }: TablePanel, store: DataSourceJson): Rest {
  const byField = <T>(value: (column: Column, i: number) => T) =>
    Object.fromEntries(columns.map((column, i) => [column.field, value(column, i)]));
  return {
    type: "table",
    datasource: store,
    targets: [{ refId: "A", datasource: store, query: query.flux }],
    fieldConfig: {
      defaults: { noValue: empty, mappings: [], custom: tableField },
      overrides: columns.map(columnJson),
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
function columnJson({ title, unit, decimals, steps, pixels, isHidden = false, link }: Column): OverrideJson {
  return {
    matcher: { id: "byName", options: title },
    properties: [
      // A cell without a value; the text for a table without rows would stand there too.
      ...property("noValue", "-"),
      ...property("unit", unit),
      ...property("decimals", decimals),
      ...property("custom.width", pixels),
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
