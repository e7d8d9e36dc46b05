import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { check, lock } from "proper-lockfile";
import type { Part } from "./part";

// A holder renews its lock every 5 s; one that has not for 10 s is dead.
const staleMilliseconds = 10_000;

// Another process may build the largest part for ten minutes; it is asked every second, for up to an hour.
const patience = { retries: 3600, factor: 1, minTimeout: 1000, maxTimeout: 1000 };

/** Tells whether a part's folder is there with all its files. A folder gets its name when it is complete, never before. */
export async function isKept(part: Part, folder: string): Promise<boolean> {
  const found = await Promise.all(part.files.map((file) => isFile(join(folder, file))));
  return found.every(Boolean);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/**
 * Runs `work` while no other process works on the same folder; a process that died holds nothing for longer than 10 s.
 *
 * @param waiting called once when another process has the lock
 * @returns what `work` returns
 */
export async function withLock<T>(folder: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(folder), { recursive: true });
  // A lock lost to a suspended machine does no harm: each process fills a folder of its own, and the first to finish names it.
  const options = { realpath: false, lockfilePath: lockOf(folder), stale: staleMilliseconds, onCompromised: () => {} };
  const release = await lock(folder, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ELOCKED") {
      throw error;
    }
    waiting();
    return lock(folder, { ...options, retries: patience });
  });
  try {
    return await work();
  } finally {
    await release().catch(() => {});
  }
}

/** Whether a process builds in this folder now. */
export async function isHeld(folder: string): Promise<boolean> {
  return check(folder, { realpath: false, lockfilePath: lockOf(folder), stale: staleMilliseconds });
}

/**
 * Makes a folder whole or not at all: `make` fills another one, which takes its name when all is done. Nothing is left of a failure.
 *
 * @param make is given the folder to fill and one for things in between; the caller holds the folder's lock
 */
export async function keep(folder: string, make: (out: string, work: string) => Promise<void>): Promise<void> {
  await removeUnfinished(folder);
  const unfinished = `${folder}${unfinishedMark}${process.pid}`;
  const [out, work] = [join(unfinished, "out"), join(unfinished, "work")];
  await mkdir(out, { recursive: true });
  await mkdir(work);
  try {
    await make(out, work);
    await rm(folder, { recursive: true, force: true });
    await rename(out, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  const start = `${basename(folder)}${unfinishedMark}`;
  const left = (await readdir(dirname(folder))).filter((name) => name.startsWith(start));
  await Promise.all(left.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

const unfinishedMark = ".unfinished-";

/** Path of the lock that guards a part's folder. */
export function lockOf(folder: string): string {
  return `${folder}.lock`;
}

/** Name of the part's folder that an entry of the cache belongs to: itself, its lock or an unfinished one. */
export function ownerOf(entry: string): string {
  return entry.replace(/(\.lock|\.unfinished-\d+)$/, "");
}
