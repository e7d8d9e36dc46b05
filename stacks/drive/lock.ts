import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { forgetPending } from "./pending";
import { pulumi, type Stack } from "./pulumi";

/** What Pulumi's file backend writes into a lock. */
interface Lock {
  pid: number;
  hostname: string;
}

/** Whether a lock's holder is gone for certain: it ran on this machine and its process is no more. */
export function isAbandoned(lock: Lock, here: { hostname: string; isAlive: (pid: number) => boolean }): boolean {
  return lock.hostname === here.hostname && !here.isAlive(lock.pid);
}

/** A killed Pulumi leaves its lock behind in a file backend. Lifts it when its holder is certainly dead, and says so; then takes up what it left. */
export async function liftAbandonedLock(stack: Stack): Promise<void> {
  const backend = stack.env["PULUMI_BACKEND_URL"] ?? process.env["PULUMI_BACKEND_URL"] ?? "";
  if (!backend.startsWith("file://")) {
    return;
  }
  const locks = await locksOf(path.join(fileURLToPath(backend), ".pulumi", "locks"), stack.name);
  const here = { hostname: hostname(), isAlive };
  if (locks.length > 0 && locks.every((lock) => isAbandoned(lock, here))) {
    console.log(`stack ${stack.name} was left locked by Pulumi process ${locks[0]?.pid}, which is gone: lifting the lock`);
    await pulumi(stack, ["cancel", "--yes"]);
    await forgetPending(stack);
  }
}

async function locksOf(folder: string, stackName: string): Promise<Lock[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  // Beside each lock lies a file of attributes, `<lock>.json.attrs`.
  const files = entries.filter(
    (entry) => entry.isFile() && entry.name.endsWith(".json") && path.basename(entry.parentPath) === stackName,
  );
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(file.parentPath, file.name), "utf8")) as Lock),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isZombie(pid);
}

/** A killed process stays in the table until its parent asks for it, which the first process of many containers never does. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // Not Linux, or it has gone just now.
    return false;
  }
}
