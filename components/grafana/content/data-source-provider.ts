// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { changed, plain } from "../../state-values";
import { withGrafana, type GrafanaAccess } from "../api/client";
import {
  ensureDataSource,
  lookAtDataSource,
  removeDataSource,
  type DataSourceFound,
  type DataSourceWish,
} from "../api/data-sources";
import { accessKeys, accessOf } from "./access-args";

/** What a data source is given, as plain values. */
export interface GrafanaDataSourceInputs extends GrafanaAccess, DataSourceWish {}

/** What it gives: the inputs and what is there. */
export interface GrafanaDataSourceOutputs extends GrafanaDataSourceInputs, DataSourceFound {
  adopted: boolean;
}

const adjustable = [...accessKeys, "title", "storeUrl", "org", "bucket", "readToken"] as const;

export async function create(inputs: GrafanaDataSourceInputs): Promise<{ id: string; outs: GrafanaDataSourceOutputs }> {
  const found = await withGrafana(accessOf(inputs), (grafana) => ensureDataSource(grafana, inputs));
  return { id: inputs.uid, outs: plain({ ...inputs, ...found }) };
}

export async function update(
  olds: GrafanaDataSourceOutputs,
  news: GrafanaDataSourceInputs,
): Promise<{ outs: GrafanaDataSourceOutputs }> {
  const found = await withGrafana(accessOf(news), (grafana) => ensureDataSource(grafana, news, true));
  return { outs: plain({ ...news, ...found, adopted: olds.adopted && found.adopted }) };
}

export function diff(olds: GrafanaDataSourceOutputs, news: GrafanaDataSourceInputs): { changes: boolean; replaces: string[] } {
  const replaces = changed(["url", "uid"], olds, news);
  return { changes: replaces.length > 0 || changed(adjustable, olds, news).length > 0, replaces };
}

/** @returns no id where the data source is gone. That its token was changed by hand cannot be seen. */
export async function read(
  id: string,
  props: GrafanaDataSourceOutputs,
): Promise<{ id?: string; props?: GrafanaDataSourceOutputs; inputs?: GrafanaDataSourceInputs }> {
  const found = await withGrafana(accessOf(props), (grafana) => lookAtDataSource(grafana, props.uid));
  if (found === undefined) {
    return {};
  }
  const { dataSourceId, adopted, ...inputs } = { ...props, ...found };
  return { id, props: { ...inputs, dataSourceId, adopted }, inputs };
}

/** One that was there before us stays. */
export async function remove(props: GrafanaDataSourceOutputs): Promise<void> {
  if (!props.adopted) {
    await withGrafana(accessOf(props), (grafana) => removeDataSource(grafana, props.uid));
  }
}
