import { lock } from "proper-lockfile";
import { machinePaths } from "./layout";

/** Runs `work` while no other `up` or `down` of the machine runs; `waiting` is called once if one does. */
export async function withLabLock<T>(waiting: () => void, work: () => Promise<T>): Promise<T> {
  const options = { realpath: false, lockfilePath: machinePaths.lock, stale: 10_000 };
  const release = await lock(machinePaths.folder, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ELOCKED") {
      throw error;
    }
    waiting();
    // An `up` that builds nothing takes well under two minutes; a holder that died is found out after 10 s.
    return lock(machinePaths.folder, { ...options, retries: { retries: 240, minTimeout: 500, maxTimeout: 500 } });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
