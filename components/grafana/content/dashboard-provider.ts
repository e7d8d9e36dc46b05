// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { changed, plain } from "../../state-values";
import { withGrafana, type GrafanaAccess } from "../api/client";
import { ensureDashboard, lookAtDashboard, removeDashboard, type DashboardWish } from "../api/dashboards";
import { accessKeys, accessOf } from "./access-args";

/** What a dashboard is given, as plain values. */
export interface GrafanaDashboardInputs extends GrafanaAccess, DashboardWish {}

/** What it gives: the inputs and what Grafana made of them. */
export interface GrafanaDashboardOutputs extends GrafanaDashboardInputs {
  keptDigest: string;
}

export async function create(inputs: GrafanaDashboardInputs): Promise<{ id: string; outs: GrafanaDashboardOutputs }> {
  const { keptDigest } = await withGrafana(accessOf(inputs), (grafana) => ensureDashboard(grafana, inputs));
  return { id: inputs.uid, outs: plain({ ...inputs, keptDigest }) };
}

export async function update(
  olds: GrafanaDashboardOutputs,
  news: GrafanaDashboardInputs,
): Promise<{ outs: GrafanaDashboardOutputs }> {
  const { keptDigest } = await withGrafana(accessOf(news), (grafana) => ensureDashboard(grafana, news, olds));
  return { outs: plain({ ...news, keptDigest }) };
}

export function diff(olds: GrafanaDashboardOutputs, news: GrafanaDashboardInputs): { changes: boolean; replaces: string[] } {
  const replaces = changed(["url", "uid"], olds, news);
  return { changes: replaces.length > 0 || changed([...accessKeys, "folder", "json"], olds, news).length > 0, replaces };
}

/** @returns no id where the dashboard is gone; one that was edited by hand as it is now, so that it differs from what it shall be */
export async function read(
  id: string,
  props: GrafanaDashboardOutputs,
): Promise<{ id?: string; props?: GrafanaDashboardOutputs; inputs?: GrafanaDashboardInputs }> {
  const found = await withGrafana(accessOf(props), (grafana) => lookAtDashboard(grafana, props.uid));
  if (found === undefined) {
    return {};
  }
  const { keptDigest, ...asked } = props;
  const isAsKept = found.keptDigest === keptDigest;
  const inputs = { ...asked, folder: found.folder, json: isAsKept ? props.json : found.json };
  return { id, props: { ...inputs, keptDigest: found.keptDigest }, inputs };
}

export async function remove(props: GrafanaDashboardOutputs): Promise<void> {
  await withGrafana(accessOf(props), (grafana) => removeDashboard(grafana, props));
}
