import Table from "cli-table3";
import { Cluster } from "../../components/kube/cluster";
import { type Check, checkHealth, daemonStates, processesInside } from "./health";
import { storedImages } from "./images";
import type { DaemonState } from "./inside/state";
import type { Layout } from "./layout";
import { findNamespace, type Namespace } from "./namespace";
import { listProcesses, type Process } from "./processes";
import { readRecord } from "./record";

/** A lab's state, for a person. */
export interface Status {
  isHealthy: boolean;
  text: string;
}

/** Looks at the lab of this machine. */
export async function labStatus(layout: Layout): Promise<Status> {
  const namespace = await findNamespace(layout);
  if (namespace === undefined) {
    const record = readRecord();
    const what = record === undefined ? "no lab runs on this machine" : "the lab's processes are gone";
    return { isHealthy: false, text: `${what}. Start it: npm run lab -- up` };
  }
  const cluster = Cluster.connect({ kubeconfig: layout.adminKubeconfig });
  const [checks, daemons, processes, pods, images] = await Promise.all([
    checkHealth(layout, cluster, namespace),
    daemonStates(layout),
    listProcesses(),
    podLines(cluster).catch(() => ["the API server does not tell"]),
    imageLines(namespace).catch(() => ["containerd does not tell"]),
  ]);
  const isHealthy = checks.every(({ isWell }) => isWell);
  const sections = [
    daemonTable(daemons, processesInside(processes, namespace), Date.now()),
    checkLines(checks).join("\n"),
    ["pods:", ...pods].join("\n  "),
    ["images:", ...images].join("\n  "),
    `logs: ${layout.logs}`,
    isHealthy ? "the lab is healthy" : "the lab is not healthy. Mend it: npm run lab -- up",
  ];
  return { isHealthy, text: sections.join("\n") };
}

/** One row per daemon: where it is on the machine, since when, and what it takes. */
export function daemonTable(daemons: readonly DaemonState[], inside: ReadonlyMap<number, Process>, now: number): string {
  const table = new Table({ head: ["part", "pid", "up", "ended", "CPU s", "memory"], style: { head: [], border: [] } });
  for (const { name, pid, since, restarts, lastEnd } of daemons) {
    const process = pid === undefined ? undefined : inside.get(pid);
    table.push([
      name,
      process?.pid ?? "-",
      process === undefined || since === undefined ? "-" : duration(now - since),
      restarts === 0 ? "-" : `${restarts} times (${lastEnd})`,
      process === undefined ? "-" : (process.cpuMs / 1000).toFixed(1),
      process === undefined ? "-" : `${process.memoryMi} Mi`,
    ]);
  }
  return table.toString();
}

/** A span of time in its two largest units. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const units = [
    { name: "d", seconds: 86_400 },
    { name: "h", seconds: 3_600 },
    { name: "m", seconds: 60 },
    { name: "s", seconds: 1 },
  ];
  const first = units.findIndex((unit) => seconds >= unit.seconds);
  let rest = seconds;
  return units
    .slice(first === -1 ? 3 : first, first === -1 ? 4 : first + 2)
    .map((unit) => {
      const count = Math.floor(rest / unit.seconds);
      rest -= count * unit.seconds;
      return `${count}${unit.name}`;
    })
    .join("");
}

function checkLines(checks: readonly Check[]): string[] {
  return checks.map(({ name, isWell, found }) => `${name}: ${isWell ? "well" : found}`);
}

async function podLines(cluster: Cluster): Promise<string[]> {
  const { items } = await cluster.core.listPodForAllNamespaces();
  return items.map(({ metadata, status }) =>
    `${metadata?.namespace}/${metadata?.name} ${status?.phase} ${status?.podIP ?? ""}`.trimEnd(),
  );
}

async function imageLines(namespace: Namespace): Promise<string[]> {
  return (await storedImages(namespace)).filter((reference) => !reference.includes("@"));
}
