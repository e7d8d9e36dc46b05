import { totalmem } from "node:os";
import { join } from "node:path";
import { buildPart } from "./build-part";
import { catalog } from "./catalog";
import { type BuildFolders, buildFolders } from "./folders";
import { goToolchain } from "./go";
import { imageFile } from "./image-part";
import { Keys } from "./key";
import type { Part } from "./part";
import type { Progress, Step } from "./progress";
import { buildInOrder, lanesFor } from "./schedule";
import { labFolder } from "./sources";
import { isKept } from "./store";

/** Programs of the lab. */
export type LabProgram =
  | "kube"
  | "coredns"
  | "netpol"
  | "target"
  | "pulumi"
  | "pulumi-language-nodejs"
  | "pulumi-resource-kubernetes"
  | "influxd"
  | "telegraf"
  | "k6"
  | "pulumi-resource-random";

/** What the lab runs on: absolute paths, in folders that are named by what they were built from. */
export interface LabParts {
  bin: Record<LabProgram, string>;
  /** OCI archives that carry their reference. */
  images: { reference: string; tar: string }[];
}

/**
 * Builds what is missing of the lab's parts and says where all of them are. With nothing missing it takes a fraction of a second and
 * prints nothing.
 *
 * @throws {BuildError} when a part cannot be built; what was finished is kept
 */
export async function ensureParts(progress: Progress, folders: BuildFolders = buildFolders()): Promise<LabParts> {
  const { programs, images, order } = catalog(await goToolchain());
  const folderOf = await ensureBuilt(order, progress, folders);
  const bin = Object.fromEntries(programs.map((part) => [part.name, join(folderOf(part), part.name)]));
  return {
    bin: bin as LabParts["bin"],
    images: images.map(({ reference, part }) => ({ reference, tar: join(folderOf(part), imageFile) })),
  };
}

/** Builds what is missing of some parts. @returns folders of all of them, by part */
export async function ensureBuilt(
  parts: readonly Part[],
  progress: Progress,
  folders: BuildFolders,
): Promise<(part: Part) => string> {
  const folderOf = await partFolders(parts, folders);
  const kept = await Promise.all(parts.map((part) => isKept(part, folderOf(part))));
  await build(
    parts.filter((_, i) => !kept[i]),
    folderOf,
    folders,
    progress,
  );
  return folderOf;
}

/** Folders of the parts that this checkout wants, by part. */
export async function partFolders(parts: readonly Part[], { parts: cache }: BuildFolders): Promise<(part: Part) => string> {
  const keys = new Keys(labFolder);
  const entries = await Promise.all(
    parts.map(async (part) => [part, join(cache, `${part.name}-${await keys.of(part)}`)] as const),
  );
  const known = new Map(entries);
  return (part) => known.get(part) ?? "";
}

async function build(
  missing: Part[],
  folderOf: (part: Part) => string,
  { logs }: BuildFolders,
  progress: Progress,
): Promise<void> {
  const stop = new AbortController();
  const stepOf = (part: Part): Step & { log: string } => ({
    index: missing.indexOf(part) + 1,
    count: missing.length,
    title: part.title,
    log: join(logs, `build-${part.name}.log`),
  });
  await buildInOrder(
    missing,
    lanesFor(totalmem()),
    (part) => buildPart(part, stepOf(part), folderOf, progress, stop.signal),
    () => stop.abort(),
  );
}
