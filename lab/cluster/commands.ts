import { existsSync } from "node:fs";
import { cleanParts } from "../build/clean";
import { ensureParts, type LabParts } from "../build/parts";
import { consoleProgress } from "../build/progress";
import { loadImage } from "./images";
import type { Layout } from "./layout";
import { withLabLock } from "./lock";
import type { Tell } from "./make-whole";
import { findNamespace } from "./namespace";
import { ensurePrerequisites } from "./packages";
import { otherRecords, readRecord } from "./record";
import { removeLab } from "./stop";
import { bringUp } from "./up";

/** Builds what is missing of the lab's parts, showing how far it is. */
export function labParts(): Promise<LabParts> {
  return ensureParts(consoleProgress());
}

/**
 * Brings the lab up, from a machine with nothing on it if need be; at once if it is up.
 *
 * @throws when the machine cannot run one, or a lab of another checkout runs
 */
export async function labUp(layout: Layout, tell: Tell): Promise<void> {
  const started = Date.now();
  // A machine that has a lab in whatever state could run one.
  if (readRecord() === undefined) {
    await ensurePrerequisites(tell);
  }
  const parts = await labParts();
  await withLock(tell, () => bringUp(layout, parts, tell));
  tell(`up (${((Date.now() - started) / 1000).toFixed(1)} s); its state and logs are in ${layout.state}`);
}

/** Stops the lab and leaves the machine as it was; the built parts stay for the next. */
export async function labDown(layout: Layout, tell: Tell): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error("stopping the lab needs root, as starting it does. Run the command as root");
  }
  await withLock(tell, () => removeLab(layout, readRecord()));
  tell("down; the machine is as it was before");
}

/** Removes built parts that neither this checkout nor a running lab needs. */
export async function labClean(tell: Tell): Promise<void> {
  const inUse = [readRecord(), ...otherRecords()].flatMap((record) => record?.files ?? []);
  const removed = await cleanParts(inUse);
  tell(removed.length === 0 ? "nothing to remove" : `removed ${removed.join(", ")}`);
}

/** Loads an image archive into the running lab. @returns the references it has now */
export async function labLoad(layout: Layout, tar: string): Promise<string> {
  const namespace = await findNamespace(layout);
  if (namespace === undefined) {
    throw new Error("no lab runs on this machine. Start it: npm run lab -- up");
  }
  if (!existsSync(tar)) {
    throw new Error(`${tar} is not there. Give the path of an image archive, as "docker save" writes it`);
  }
  return await loadImage(namespace, tar);
}

function withLock<T>(tell: Tell, work: () => Promise<T>): Promise<T> {
  return withLabLock(() => tell("another command works on the lab; waiting for it"), work);
}
