import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { otherNames } from "./instance";
import { type Layout, layoutIn, machinePaths, machinePathsOf, stateFolder } from "./layout";

/** What the machine knows of its one lab, from before its first process starts until `down` is done. */
export interface LabRecord {
  /** The boot it belongs to: nothing of a lab but files outlives one. */
  bootId: string;
  /** Digest of all that the lab was made from; a checkout with the same attaches to it. */
  key: string;
  /** The lab's folder of state. */
  state: string;
  /** Folder of the checkout that made it. */
  checkout: string;
  /** Files of the parts it runs on: they must stay in the cache. */
  files: string[];
  /** Machine-wide settings as they were before any lab; this and what follows is undone by the last lab that goes. */
  sysctls: Record<string, string>;
  /** Controllers that the root of cgroup v2 hands down only for the lab. */
  handedDown: string[];
  /** Folders that were made on the machine only to be mounted over. */
  madeMountPoints: string[];
}

/** Id of the current boot. */
export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** The lab's record, if there is one of this boot. */
export function readRecord(): LabRecord | undefined {
  return recordAt(machinePaths.record);
}

/** Records of the labs that stand beside this one. */
export function otherRecords(): LabRecord[] {
  return otherNames.map((name) => recordAt(machinePathsOf(name).record)).filter((record) => record !== undefined);
}

function recordAt(path: string): LabRecord | undefined {
  if (!existsSync(path)) {
    return undefined;
  }
  const record = JSON.parse(readFileSync(path, "utf8")) as LabRecord;
  return record.bootId === bootId() ? record : undefined;
}

/** Where the machine's lab is, whoever started it; where it would be, if there is none. */
export function currentLayout(env: NodeJS.ProcessEnv = process.env): Layout {
  return layoutIn(readRecord()?.state ?? stateFolder(env));
}

/** Writes the record, whole or not at all. */
export async function writeRecord(record: LabRecord): Promise<void> {
  await mkdir(machinePaths.folder, { recursive: true });
  const temporary = `${machinePaths.record}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, JSON.stringify(record, null, 2));
  await rename(temporary, machinePaths.record);
}

/** Removes the record and its folder. */
export async function removeRecord(): Promise<void> {
  await rm(machinePaths.folder, { recursive: true, force: true });
}
