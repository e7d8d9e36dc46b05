import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cgroupRoot } from "./addresses";
import { handDown, setControllers, toHandDown, unifiedCgroup } from "./unified-cgroup";

/** A mounted cgroup hierarchy. */
export interface CgroupHierarchy {
  version: 1 | 2;
  mountPoint: string;
  /** Controllers of a v1 hierarchy; empty for v2, whose `cgroup.controllers` names them. */
  controllers: string[];
}

/** What `/proc/mounts` says of cgroup hierarchies, one each, at its first mount. */
export function parseCgroupMounts(mounts: string): CgroupHierarchy[] {
  const known = [
    "cpu",
    "cpuacct",
    "cpuset",
    "memory",
    "devices",
    "freezer",
    "blkio",
    "pids",
    "hugetlb",
    "perf_event",
    "net_cls",
    "net_prio",
  ];
  return mounts
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, mountPoint, type, options]) => ({
      version: type === "cgroup2" ? (2 as const) : (1 as const),
      mountPoint,
      controllers: options.split(",").filter((option) => known.includes(option)),
    }));
}

/** The hierarchies of this machine. */
export async function cgroupHierarchies(): Promise<CgroupHierarchy[]> {
  return parseCgroupMounts(await readFile("/proc/mounts", "utf8"));
}

const own = ({ mountPoint }: CgroupHierarchy): string => join(mountPoint, cgroupRoot);

/** Makes the cgroup of the lab's pods in every hierarchy, with what the kubelet expects of a parent. */
export async function makeCgroups(): Promise<void> {
  const hierarchies = await cgroupHierarchies();
  const unified = await unifiedCgroup(hierarchies);
  for (const hierarchy of hierarchies) {
    await mkdir(own(hierarchy), { recursive: true });
    if (hierarchy.controllers.includes("cpuset")) {
      await copyCpuset(hierarchy);
    }
  }
  if (unified !== undefined) {
    await handDown(unified, join(unified.mountPoint, cgroupRoot));
  }
}

/** Controllers that `makeCgroups` will have the root of cgroup v2 hand down. */
export async function controllersToHandDown(): Promise<string[]> {
  const unified = await unifiedCgroup(await cgroupHierarchies());
  return unified === undefined ? [] : toHandDown(unified);
}

/** Takes back from the root of cgroup v2 what only the lab had it hand down. */
export async function takeBackControllers(controllers: readonly string[]): Promise<void> {
  const unified = await unifiedCgroup(await cgroupHierarchies());
  if (unified !== undefined) {
    await setControllers(unified.mountPoint, "-", controllers);
  }
}

/** A new v1 cpuset is empty and takes no process until it is filled. */
async function copyCpuset(hierarchy: CgroupHierarchy): Promise<void> {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    await writeFile(join(own(hierarchy), file), await readFile(join(hierarchy.mountPoint, file)));
  }
}

/** Removes the lab's cgroups from every hierarchy. Their processes must be gone. */
export async function removeCgroups(): Promise<void> {
  await Promise.all((await cgroupHierarchies()).map((hierarchy) => removeTree(own(hierarchy))));
}

async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) {
    return;
  }
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
    await removeTree(join(folder, entry.name));
  }
  await removeEmptied(folder);
}

async function removeEmptied(folder: string): Promise<void> {
  // A process that was killed leaves its cgroup a moment after it is gone from the list of processes.
  for (let attempt = 1; ; attempt++) {
    try {
      return await rmdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY" || attempt === 100) {
        throw error;
      }
      await sleep(20);
    }
  }
}
