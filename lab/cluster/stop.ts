import { rm, rmdir } from "node:fs/promises";
import { removeCgroups, takeBackControllers } from "./cgroups";
import type { Layout } from "./layout";
import { findNamespace, killNamespace } from "./namespace";
import { removeLink } from "./network";
import { type LabRecord, otherRecords, removeRecord } from "./record";
import { restoreSysctls } from "./sysctls";

/** Ends everything of the lab that runs or hangs on the machine; its data stays. */
export async function stopProcesses(layout: Layout): Promise<void> {
  const namespace = await findNamespace(layout);
  if (namespace !== undefined) {
    await killNamespace(namespace);
  }
  await removeLink();
  await removeCgroups();
}

/** Ends the lab and leaves the machine as it was before it; only logs stay. Fine on a lab that is half there or not at all. */
export async function removeLab(layout: Layout, record: LabRecord | undefined): Promise<void> {
  await stopProcesses(layout);
  await rm(layout.run, { recursive: true, force: true });
  // What labs share stays for the others: removing a folder would take away what they have mounted there.
  if (record !== undefined && otherRecords().length === 0) {
    await restoreSysctls(record.sysctls);
    await takeBackControllers(record.handedDown);
    await removeMountPoints(record.madeMountPoints);
  }
  await removeRecord();
}

async function removeMountPoints(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    // Something may be in it by now: then it is somebody's and stays.
    await rmdir(folder).catch(() => undefined);
  }
}
