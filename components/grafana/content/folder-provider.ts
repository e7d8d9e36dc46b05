// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { changed, plain } from "../../state-values";
import { withGrafana, type GrafanaAccess } from "../api/client";
import { ensureFolder, lookAtFolder, removeFolder, type FolderFound, type FolderWish } from "../api/folders";
import { accessKeys, accessOf } from "./access-args";

/** What a folder is given, as plain values. */
export interface GrafanaFolderInputs extends GrafanaAccess, FolderWish {}

/** What it gives: the inputs and what is there. */
export interface GrafanaFolderOutputs extends GrafanaFolderInputs, FolderFound {
  adopted: boolean;
}

export async function create(inputs: GrafanaFolderInputs): Promise<{ id: string; outs: GrafanaFolderOutputs }> {
  const found = await withGrafana(accessOf(inputs), (grafana) => ensureFolder(grafana, inputs));
  return { id: inputs.uid, outs: plain({ ...inputs, ...found }) };
}

export async function update(olds: GrafanaFolderOutputs, news: GrafanaFolderInputs): Promise<{ outs: GrafanaFolderOutputs }> {
  const found = await withGrafana(accessOf(news), (grafana) => ensureFolder(grafana, news));
  return { outs: plain({ ...news, ...found, adopted: olds.adopted && found.adopted }) };
}

export function diff(olds: GrafanaFolderOutputs, news: GrafanaFolderInputs): { changes: boolean; replaces: string[] } {
  const replaces = changed(["url", "uid"], olds, news);
  return { changes: replaces.length > 0 || changed([...accessKeys, "title"], olds, news).length > 0, replaces };
}

/** @returns no id where the folder is gone */
export async function read(
  id: string,
  props: GrafanaFolderOutputs,
): Promise<{ id?: string; props?: GrafanaFolderOutputs; inputs?: GrafanaFolderInputs }> {
  const found = await withGrafana(accessOf(props), (grafana) => lookAtFolder(grafana, props.uid));
  if (found === undefined) {
    return {};
  }
  const { folderId, adopted, ...inputs } = { ...props, ...found };
  return { id, props: { ...inputs, folderId, adopted }, inputs };
}

/** One that was there before us stays, and so does one with dashboards of others. */
export async function remove(props: GrafanaFolderOutputs): Promise<void> {
  if (!props.adopted) {
    await withGrafana(accessOf(props), (grafana) => removeFolder(grafana, props.uid));
  }
}
