import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cgroupHierarchies } from "./cgroups";
import { missingKernelFeatures } from "./kernel-features";
import { type MachineFacts, requirements } from "./prerequisites";
import { findProgram } from "./programs";
import { runCommand } from "./run-command";

/** Looks at this machine. Programs that are not there yet leave what they would tell empty. */
export async function machineFacts(): Promise<MachineFacts> {
  if (process.platform !== "linux") {
    return { ...unknown, platform: process.platform };
  }
  const cgroups = await cgroupHierarchies();
  const unified = cgroups.find(({ version }) => version === 2);
  const present = requirements
    .map(({ needs }) => needs)
    .filter((needs) => (needs.startsWith("/") ? existsSync(needs) : findProgram(needs)));
  const isRoot = process.getuid?.() === 0;
  const [unifiedControllers, missing, routes, registries] = await Promise.all([
    unified === undefined ? "" : readFile(join(unified.mountPoint, "cgroup.controllers"), "utf8").catch(() => ""),
    isRoot ? missingKernelFeatures(present) : [],
    present.includes("ip") ? machineRoutes() : [],
    registryAddresses(),
  ]);
  return {
    platform: "linux",
    isRoot,
    present,
    hasApt: findProgram("apt-get") !== undefined,
    cgroups,
    unifiedControllers: unifiedControllers.split(/\s+/).filter(Boolean),
    missingKernelFeatures: missing,
    routes,
    registries,
  };
}

const unknown: Omit<MachineFacts, "platform"> = {
  isRoot: false,
  present: [],
  hasApt: false,
  cgroups: [],
  unifiedControllers: [],
  missingKernelFeatures: [],
  routes: [],
  registries: [],
};

async function machineRoutes(): Promise<MachineFacts["routes"]> {
  const routes = JSON.parse(await runCommand("ip", ["-json", "-4", "route", "show", "table", "all"])) as {
    dst: string;
    dev?: string;
    type?: string;
  }[];
  return routes.filter(({ type }) => type !== "broadcast").map(({ dst, dev }) => ({ destination: dst, link: dev ?? "no link" }));
}

async function registryAddresses(): Promise<MachineFacts["registries"]> {
  const names = await registryNames();
  const found = await Promise.all(
    names.map(async (name) => {
      const addresses = await lookup(name, { all: true, family: 4 }).catch(() => []);
      return addresses.map(({ address }) => ({ name, address }));
    }),
  );
  return found.flat();
}

/** Hosts of the package registries that this machine is set up to use. */
async function registryNames(): Promise<string[]> {
  const texts = await Promise.all([
    runCommand("go", ["env", "GOPROXY"]).catch(() => ""),
    runCommand("npm", ["config", "get", "registry"]).catch(() => ""),
    aptSources(),
  ]);
  return hostsIn(texts.join("\n"));
}

async function aptSources(): Promise<string> {
  const folder = "/etc/apt/sources.list.d";
  const files = ["/etc/apt/sources.list", ...(await readdir(folder).catch(() => [])).map((file) => join(folder, file))];
  return (await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")))).join("\n");
}

/** Host names of the web addresses in a text, each once; comments of apt's lists do not count. */
export function hostsIn(text: string): string[] {
  const lines = text.split("\n").filter((line) => !line.trimStart().startsWith("#"));
  const matches = lines.flatMap((line) => [...line.matchAll(/https?:\/\/(?:[^@/\s]*@)?([^/:\s,|]+)/g)]);
  return [...new Set(matches.map(([, host]) => host))];
}
