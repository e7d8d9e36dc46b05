import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { catalog } from "./catalog";
import { type BuildFolders, buildFolders } from "./folders";
import { goToolchain } from "./go";
import { partFolders } from "./parts";
import { isHeld, ownerOf } from "./store";
import { toolParts } from "./tools";

/**
 * Removes the parts that this checkout no longer wants, and what interrupted builds left.
 *
 * @param inUse files of parts to leave alone, e.g. those of a lab that another checkout started
 * @returns names of the folders it removed
 */
export async function cleanParts(inUse: readonly string[] = [], folders: BuildFolders = buildFolders()): Promise<string[]> {
  const toolchain = await goToolchain();
  const order = [...catalog(toolchain).order, ...Object.values(toolParts(toolchain))];
  const folderOf = await partFolders(order, folders);
  const wanted = new Set([...order.map((part) => basename(folderOf(part))), ...inUse.map((file) => basename(dirname(file)))]);
  const entries = await readdir(folders.parts).catch(() => []);
  const removed = await Promise.all(unwanted(entries, wanted).map((entry) => removeEntry(folders.parts, entry)));
  return removed.flat();
}

/** Entries to remove: whole folders that are not wanted, and all that is unfinished. */
export function unwanted(entries: readonly string[], wanted: ReadonlySet<string>): string[] {
  return entries.filter((entry) => !entry.endsWith(".lock") && !(wanted.has(entry) && ownerOf(entry) === entry));
}

async function removeEntry(cache: string, entry: string): Promise<string[]> {
  if (await isHeld(join(cache, ownerOf(entry)))) {
    return [];
  }
  await rm(join(cache, entry), { recursive: true, force: true });
  return [entry];
}
