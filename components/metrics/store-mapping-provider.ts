// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { withStore, type StoreAccess } from "./admin/access";
import { ensureMapping, isMapped, removeMapping, type MappingFound, type MappingWish } from "./admin/mappings";
import { changed, plain } from "../state-values";
import { accessKeys, accessOf, lookInStore, removeFromStore } from "./admin/state";

/** What a mapping is given, as plain values. */
export interface MappingInputs extends StoreAccess, MappingWish {}

/** What it gives: the inputs and what is there. */
export interface MappingOutputs extends MappingInputs, MappingFound {}

const located = ["org", "database", "bucket"] as const;

export async function create(inputs: MappingInputs): Promise<{ id: string; outs: MappingOutputs }> {
  const found = await withStore(accessOf(inputs), (client) => ensureMapping(client, inputs));
  return { id: `${inputs.org}/${inputs.database}`, outs: plain({ ...inputs, ...found }) };
}

export async function update(olds: MappingOutputs, news: MappingInputs): Promise<{ outs: MappingOutputs }> {
  const ours = olds.adopted ? undefined : olds.mappingId;
  const found = await withStore(accessOf(news), (client) => ensureMapping(client, news, ours));
  return { outs: plain({ ...news, ...found }) };
}

/** The old one goes first: a database has one default mapping. */
export function diff(
  olds: MappingOutputs,
  news: MappingInputs,
): { changes: boolean; replaces: string[]; deleteBeforeReplace: boolean } {
  const replaces = changed(located, olds, news);
  return {
    changes: replaces.length > 0 || changed(accessKeys, olds, news).length > 0,
    replaces,
    deleteBeforeReplace: true,
  };
}

/** @returns no id where the database does not lead to the bucket any more */
export async function read(
  id: string,
  props: MappingOutputs,
): Promise<{ id?: string; props?: MappingOutputs; inputs?: MappingInputs }> {
  const isThere = await lookInStore(accessOf(props), (client) => isMapped(client, props));
  if (isThere !== true) {
    return {};
  }
  const inputs: Partial<MappingOutputs> = { ...props };
  delete inputs.mappingId;
  delete inputs.adopted;
  return { id, props, inputs: inputs as MappingInputs };
}

/** Mappings that InfluxDB makes itself, or that were there before, stay. */
export async function remove({ mappingId, adopted, ...inputs }: MappingOutputs): Promise<void> {
  if (mappingId !== "" && !adopted) {
    await removeFromStore(accessOf(inputs), (client) => removeMapping(client, mappingId));
  }
}
