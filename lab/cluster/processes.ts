import { readdir, readFile, readlink } from "node:fs/promises";

/** A process of the machine. */
export interface Process {
  pid: number;
  parent: number;
  /** Its ids from the outermost to its own pid namespace. */
  namespacePids: number[];
  /** Its pid namespace, as `/proc/<pid>/ns/pid` names it. */
  pidNamespace: string;
  command: string[];
  /** CPU time used so far, in ms. */
  cpuMs: number;
  /** Resident memory, in MiB. */
  memoryMi: number;
}

// Linux gives times to user space in these, whatever the kernel counts in: sysconf(_SC_CLK_TCK).
const ticksPerSecond = 100;

/** Every process that is there while it is read; one that ends meanwhile is left out. */
export async function listProcesses(): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const all = await Promise.all(pids.map((pid) => readProcess(Number(pid)).catch(() => undefined)));
  return all.filter((process) => process !== undefined);
}

async function readProcess(pid: number): Promise<Process> {
  const file = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, "utf8");
  const [status, stat, commandLine, pidNamespace] = await Promise.all([
    file("status"),
    file("stat"),
    file("cmdline"),
    readlink(`/proc/${pid}/ns/pid`),
  ]);
  return { pid, pidNamespace, command: commandLine.split("\0").slice(0, -1), ...parseStatus(status), ...parseStat(stat) };
}

/** What we use of `/proc/<pid>/status`. */
export function parseStatus(text: string): Pick<Process, "parent" | "namespacePids" | "memoryMi"> {
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(text)?.[1] ?? "";
  return {
    parent: Number(field("PPid")),
    namespacePids: field("NSpid").split(/\s+/).map(Number),
    memoryMi: Math.round((Number.parseInt(field("VmRSS"), 10) || 0) / 1024),
  };
}

/** CPU time from `/proc/<pid>/stat`; the program's name in it may hold spaces and parentheses, so fields are counted from its end. */
export function parseStat(text: string): Pick<Process, "cpuMs"> {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return {
    cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
  };
}
