import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { execa } from "execa";
import { cgroupHierarchies } from "../../../lab/cluster/cgroups";
import { allMountPoints } from "../../../lab/cluster/init-script";
import { machinePaths } from "../../../lab/cluster/layout";
import { readSysctls } from "../../../lab/cluster/sysctls";

/** What a lab could leave behind on the machine, each as sorted lines, so that a difference shows as one. */
export type HostSnapshot = Record<string, string[]>;

/** Looks at all of the machine that a lab touches. What other programs do meanwhile is not in it. */
export async function hostSnapshot(): Promise<HostSnapshot> {
  const entries = Object.entries(sources).map(async ([name, read]) => [name, (await read()).toSorted()] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const sources: Record<string, () => Promise<string[]>> = {
  mounts: async () => lines(await readFile("/proc/self/mountinfo", "utf8")).map((line) => line.split(" ").slice(2).join(" ")),
  links: () => print("ip", "-brief", "link"),
  addresses: () => print("ip", "-brief", "address"),
  routes: async () => [...(await print("ip", "route", "show", "table", "all")), ...(await print("ip", "rule"))],
  iptables: async () =>
    [...(await print("iptables-save")), ...(await print("ip6tables-save"))].filter((line) => !line.startsWith("#")),
  nftables: () => print("nft", "--stateless", "list", "ruleset"),
  cgroups: async () => {
    const hierarchies = await cgroupHierarchies();
    const folders = hierarchies.map(async ({ mountPoint }) =>
      (await readdir(mountPoint, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${mountPoint}/${name}`),
    );
    return (await Promise.all(folders)).flat();
  },
  sysctls: async () => Object.entries(await readSysctls()).map(([name, value]) => `${name} = ${value}`),
  // By namespace and not by process: whoever else works on the machine starts and ends processes meanwhile, but all in its own.
  namespaces: async () => {
    const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
    const kinds = ["pid", "net", "mnt"];
    const paths = pids.flatMap((pid) => kinds.map((kind) => `/proc/${pid}/ns/${kind}`));
    const links = await Promise.all(paths.map((path) => readlink(path).catch(() => undefined)));
    return [...new Set(links.filter((link) => link !== undefined))];
  },
  folders: () =>
    Promise.resolve([...allMountPoints, ...Object.values(machinePaths), "/tmp/hostpath_pv"].filter((path) => existsSync(path))),
};

async function print(program: string, ...args: string[]): Promise<string[]> {
  return lines((await execa(program, args)).stdout);
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
