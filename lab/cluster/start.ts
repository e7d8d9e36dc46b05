import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LabParts } from "../build/parts";
import { writeBundles } from "./bundles";
import { certificateRequests } from "./certificates";
import { controllersToHandDown, makeCgroups } from "./cgroups";
import { allMountPoints, mountPoints } from "./init-script";
import { labFiles } from "./lab-files";
import type { Layout } from "./layout";
import { volumeNames } from "./manifests/storage";
import { type Namespace, startNamespace } from "./namespace";
import { hasPki, writePki } from "./pki";
import { findProgram } from "./programs";
import { bootId, type LabRecord, otherRecords, writeRecord } from "./record";
import { readSysctls } from "./sysctls";
import { writeTools } from "./tools";

/** Starts the lab's processes, on the data of the last run if `previous` says that there was one. */
export async function startLab(
  layout: Layout,
  parts: LabParts,
  key: string,
  previous: LabRecord | undefined,
): Promise<Namespace> {
  if (previous === undefined) {
    await forgetLogs(layout);
  }
  await writeRecord(await newRecord(layout, parts, key, previous));
  await writeFiles(layout, parts);
  await makeCgroups();
  return await startNamespace(layout);
}

async function newRecord(layout: Layout, parts: LabParts, key: string, previous: LabRecord | undefined): Promise<LabRecord> {
  // What an earlier start found, or that of a lab beside this one, is the machine's own; what is there now may be a lab's.
  const found = previous ?? otherRecords().at(0);
  return {
    bootId: bootId(),
    key,
    state: layout.state,
    checkout: join(__dirname, "..", ".."),
    files: [...Object.values(parts.bin), ...parts.images.map(({ tar }) => tar)],
    sysctls: found?.sysctls ?? (await readSysctls()),
    handedDown: found?.handedDown ?? (await controllersToHandDown()),
    madeMountPoints: found?.madeMountPoints ?? allMountPoints.filter((path) => !existsSync(path)),
  };
}

async function writeFiles(layout: Layout, parts: LabParts): Promise<void> {
  const files = labFiles(layout, parts, { node: process.execPath, containerd: findProgram("containerd") ?? "containerd" });
  const folders = [
    ...[...files.keys()].map(dirname),
    ...Object.values(mountPoints.disk).map((folder) => join(layout.run, folder)),
    ...volumeNames.map((name) => join(layout.volumes, name)),
    ...allMountPoints,
    layout.logs,
    layout.pulumiBackend,
  ];
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true })));
  await rm(join(layout.run, "daemons.state.json"), { force: true });
  await Promise.all([
    ...[...files].map(([path, text]) => writeFile(path, text)),
    writeBundles(layout.config),
    writeTools(layout, parts),
    hasPki(layout.pki) ? undefined : writePki(layout.pki, certificateRequests()),
  ]);
}

/** A new lab's logs start with it; those of builds, beside them, stay. */
async function forgetLogs({ logs }: Layout): Promise<void> {
  const old = (await readdir(logs).catch(() => [])).filter((file) => file.endsWith(".log") && !file.startsWith("build-"));
  await Promise.all(old.map((file) => rm(join(logs, file), { force: true })));
}
