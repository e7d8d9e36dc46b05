import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CgroupHierarchy } from "./cgroups";

/** The v2 hierarchy of a machine that has no other. */
export interface UnifiedCgroup {
  mountPoint: string;
  /** Controllers that its root has. */
  available: string[];
  /** Controllers that its root hands down to its children. */
  handedDown: string[];
}

// Those that the kubelet looks for in the cgroup it is given (its `supportedControllers`), and io, by which a disk is shared.
const kubeletControllers = ["cpu", "cpuset", "hugetlb", "io", "memory", "pids"];

/** The v2 hierarchy, unless v1 ones hold the controllers. */
export async function unifiedCgroup(hierarchies: readonly CgroupHierarchy[]): Promise<UnifiedCgroup | undefined> {
  const unified = hierarchies.find(({ version }) => version === 2);
  if (unified === undefined || hierarchies.some(({ controllers }) => controllers.length > 0)) {
    return undefined;
  }
  const words = async (file: string): Promise<string[]> =>
    (await readFile(join(unified.mountPoint, file), "utf8")).split(/\s+/).filter(Boolean);
  return {
    mountPoint: unified.mountPoint,
    available: await words("cgroup.controllers"),
    handedDown: await words("cgroup.subtree_control"),
  };
}

/** Controllers that the kubelet needs and the root has, but does not hand down yet. */
export function toHandDown({ available, handedDown }: UnifiedCgroup): string[] {
  return kubeletControllers.filter((controller) => available.includes(controller) && !handedDown.includes(controller));
}

/**
 * Has the root hand down what is missing, and the lab's own cgroup all that the kubelet needs.
 *
 * @throws when the root holds processes of a container, to which it then may hand nothing down
 */
export async function handDown(unified: UnifiedCgroup, own: string): Promise<void> {
  const missing = toHandDown(unified);
  await setControllers(unified.mountPoint, "+", missing).catch((error: unknown) => {
    const what = `the cgroup ${unified.mountPoint} does not hand down ${missing.join(", ")}, and cannot while processes are in it`;
    throw new Error(`${what}. In a container, start it with the machine's cgroup namespace. Or use your own cluster: STACK=dev`, {
      cause: error,
    });
  });
  await setControllers(
    own,
    "+",
    kubeletControllers.filter((controller) => unified.available.includes(controller)),
  );
}

/** Adds controllers to those that a cgroup hands down, or takes them away. */
export async function setControllers(folder: string, sign: "+" | "-", controllers: readonly string[]): Promise<void> {
  if (controllers.length > 0) {
    await writeFile(join(folder, "cgroup.subtree_control"), controllers.map((controller) => `${sign}${controller}`).join(" "));
  }
}
