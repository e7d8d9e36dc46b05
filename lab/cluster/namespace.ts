import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readlink } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { addresses, links } from "./addresses";
import { connectedLine, readyLine } from "./init-script";
import type { Layout } from "./layout";
import { listProcesses, type Process } from "./processes";
import { runCommand } from "./run-command";

/** The lab's running namespaces. */
export interface Namespace {
  /** The process outside that the namespaces hang on. */
  holder: number;
  /** The lab's first process, by its id on the machine. */
  init: number;
}

/** Program search path of everything that runs inside. */
export const labPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// Making the namespace takes a tenth of a second; this long means that the kernel refuses something without saying so.
const readyTimeoutMs = 20_000;

/** Path of the script that the lab's first process runs; it is also how that process is recognized. */
export function initScriptPath({ config }: Layout): string {
  return join(config, "init.sh");
}

/** The lab's namespaces among the processes of the machine, if they are there. */
export async function findNamespace(layout: Layout): Promise<Namespace | undefined> {
  const [processes, own] = await Promise.all([listProcesses(), readlink("/proc/self/ns/pid")]);
  return namespaceAmong(processes, own, initScriptPath(layout));
}

/** Picks the namespaces' holder, which lives in the machine's own pid namespace, and its one child. */
export function namespaceAmong(processes: readonly Process[], ownNamespace: string, script: string): Namespace | undefined {
  const holder = processes.find(
    ({ command, pidNamespace }) => command[0] === "unshare" && command.includes(script) && pidNamespace === ownNamespace,
  );
  const init = processes.find(({ parent }) => parent === holder?.pid);
  return holder === undefined || init === undefined ? undefined : { holder: holder.pid, init: init.pid };
}

/**
 * Makes the lab's network, mount and process namespaces, connects them to the machine and lets the daemons start.
 *
 * @throws when the first process ends early, with the path of its log
 */
export async function startNamespace(layout: Layout): Promise<Namespace> {
  const logPath = join(layout.logs, "init.log");
  const log = openSync(logPath, "a");
  const flags = ["--net", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
  const stdio: ["pipe", "pipe", number] = ["pipe", "pipe", log];
  const env = { PATH: labPath, HOME: "/", LANG: "C.UTF-8" };
  const child = spawn("unshare", [...flags, "--", "sh", initScriptPath(layout)], { detached: true, stdio, cwd: "/", env });
  closeSync(log);
  const { stdin, stdout } = child as ChildProcessWithoutNullStreams;
  await ready(stdout, logPath);
  stdout.destroy();
  const namespace = await findNamespace(layout);
  if (namespace === undefined) {
    throw new Error(`the lab's first process ended as soon as it was ready; its log is ${logPath}`);
  }
  await connectMachine(namespace);
  stdin.end(`${connectedLine}\n`);
  child.unref();
  return namespace;
}

async function ready(output: NodeJS.ReadableStream, logPath: string): Promise<void> {
  const lines = createInterface({ input: output });
  const timeout = setTimeout(() => lines.close(), readyTimeoutMs);
  for await (const line of lines) {
    if (line === readyLine) {
      clearTimeout(timeout);
      return;
    }
  }
  throw new Error(`the lab's namespace could not be made; the reason is at the end of ${logPath}`);
}

async function connectMachine({ init }: Namespace): Promise<void> {
  const ip = (...args: string[]): Promise<string> => runCommand("ip", args);
  await ip("link", "add", links.machine, "type", "veth", "peer", "name", links.lab, "netns", `${init}`);
  await ip("address", "add", `${addresses.machine}/30`, "dev", links.machine);
  await ip("link", "set", links.machine, "up");
  for (const range of [`${addresses.node}/32`, addresses.services]) {
    await ip("route", "replace", range, "via", addresses.lab);
  }
}

/** Runs a program inside the lab and gives what it printed. */
export function runInside({ init }: Namespace, program: string, args: readonly string[]): Promise<string> {
  return runCommand("nsenter", [...insideFlags(init), program, ...args]);
}

/** Flags of nsenter for the lab's namespaces. */
export function insideFlags(init: number): string[] {
  return [`--target=${init}`, "--mount", "--net", "--pid", "--"];
}

/** Ends every process of the lab and waits until the last is gone. */
export async function killNamespace({ holder, init }: Namespace): Promise<void> {
  kill(init);
  // The kernel lets the first process go only when all others of its namespace are gone.
  while (kill(init, 0)) {
    await sleep(20);
  }
  kill(holder);
}

/** Whether the lab's first process, and with it the lab, is still there. */
export async function isAlive({ init }: Namespace): Promise<boolean> {
  return (await listProcesses()).some(({ pid }) => pid === init);
}

function kill(pid: number, signal: "SIGKILL" | 0 = "SIGKILL"): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
