import { createInterface } from "node:readline";
import { execa } from "execa";
import { listProcesses } from "../../../lab/cluster/processes";
import type { RunInputs } from "../../../components/run/types";
import type { Step } from "./steps";

/** k6 processes of a run on this machine, which is the lab's node: the runners of all its pods, whatever the API server knows of them. */
export async function runnerProcesses(...runs: string[]): Promise<number[]> {
  const tags = new Set(runs.map((run) => `testid=${run}`));
  const isRunner = (command: string[]) => command[0]?.endsWith("k6") && command.some((word) => tags.has(word));
  return (await listProcesses()).filter(({ command }) => isRunner(command)).map(({ pid }) => pid);
}

/** Waits until no runner of these runs is there. @returns milliseconds since the epoch; `undefined` when some still are at `until` */
export async function runnersGone(until: number, ...runs: string[]): Promise<number | undefined> {
  while ((await runnerProcesses(...runs)).length > 0) {
    if (Date.now() > until) {
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Date.now();
}

/** A process of our own in TypeScript whose lines can be waited for. */
export class Program {
  readonly lines: string[] = [];
  private readonly command;
  private readonly ended: Promise<unknown>;

  constructor(file: string, argument: object) {
    this.command = execa(process.execPath, ["-r", "ts-node/register", file, JSON.stringify(argument)], {
      reject: false,
      stdin: "ignore",
      stderr: "inherit",
    });
    createInterface(this.command.stdout).on("line", (line) => this.lines.push(line));
    this.ended = this.command.then(() => undefined);
  }

  /** Resolves with the first line that looks so. @throws when the process ends without it, or after 90 s */
  async said(what: RegExp): Promise<string> {
    const until = Date.now() + 90_000;
    for (;;) {
      const line = this.lines.find((one) => what.test(one));
      if (line !== undefined) {
        return line;
      }
      const hasEnded = await Promise.race([
        this.ended.then(() => true),
        new Promise((resolve) => setTimeout(resolve, 20, false)),
      ]);
      if ((hasEnded === true && !this.lines.some((one) => what.test(one))) || Date.now() > until) {
        throw new Error(`a process did not say ${what}; it said: ${this.lines.join("\n")}`);
      }
    }
  }

  /** Sends a signal; returns when the process has ended. */
  async end(signal: "SIGKILL" | "SIGINT"): Promise<void> {
    this.command.kill(signal);
    await this.ended;
  }
}

/** Starts a process that conducts a run, up to a step where one is given. */
export function conductor(kubeconfig: string, inputs: RunInputs, step?: Step): Program {
  return new Program("test/lab/guarantees/conductor.ts", { kubeconfig, inputs, ...(step === undefined ? {} : { step }) });
}

/** Starts a process that is the simulator of k6-operator for a namespace. */
export function simulator(kubeconfig: string, namespace: string): Program {
  return new Program("test/lab/guarantees/simulator.ts", { kubeconfig, namespace });
}
