import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { RunResult } from "../../../components/run/types";
import { labUp } from "../../../lab/cluster/commands";
import { currentLayout } from "../../../lab/cluster/record";
import { labEnvironment } from "../../../lab/env";
import { runsIn } from "../../../stacks/drive/results";
import { platformSettings, type GivenLoadTest, type GivenSettings } from "./settings";

/** How a command ended, and everything it printed. */
export interface Ended {
  exitCode: number;
  output: string;
}

/** A resource in a stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  outputs?: Record<string, unknown>;
}

// Of the lab's empty passphrase, as in the settings of the lab's own stack.
const encryptionsalt = "v1:AIxsAmQfiOs=:v1:hRZ0uYwnSLhXYJVW:CiJ0WLNmjmMLBS+vao3L8iw02h1vXQ==";

/** A stack of this repository's program in the lab, with settings of the tests' own, driven by the commands that a user has. */
export class LabStack {
  readonly settings: GivenSettings;
  private lastUp = "";

  private constructor(
    readonly name: string,
    /** For scripts, settings and reports. */
    readonly folder: string,
  ) {
    this.settings = platformSettings(path.join(folder, "reports"));
  }

  /** An empty stack; brings the lab up where it is not. */
  static async open(name: string): Promise<LabStack> {
    await labUp(currentLayout(), () => undefined);
    const stack = new LabStack(name, await mkdtemp(path.join(tmpdir(), "pulumi-k6-lab-")));
    await stack.pulumi("stack", "select", "--create");
    // Pulumi makes settings of a new stack among ours; the tests' own are elsewhere.
    await rm(path.join("stacks", `Pulumi.${name}.yaml`), { force: true });
    return stack;
  }

  get isOpen(): boolean {
    return existsSync(this.folder);
  }

  /** Writes a script beside the settings. @returns its path */
  async script(name: string, text: string): Promise<string> {
    const file = path.join(this.folder, name);
    await writeFile(file, text);
    return file;
  }

  /** What `make up` does. */
  async up(loadTests: Record<string, GivenLoadTest>, ...args: string[]): Promise<Ended> {
    const all = await ended(await this.startUp(loadTests, ...args));
    this.lastUp = all.output;
    return all;
  }

  /** What `make up` does, without waiting for its end. */
  async startUp(loadTests: Record<string, GivenLoadTest>, ...args: string[]) {
    const file = await this.save({ ...this.settings, loadTests });
    const drive = ["-r", "ts-node/register", "stacks/drive/main.ts", "up", "--stack", this.name];
    // In an object: a promise would be waited for.
    return { command: run(process.execPath, [...drive, "--config-file", file, "--skip-preview", ...args]) };
  }

  /** `pulumi up` with any settings at all. */
  async upWith(settings: object): Promise<Ended> {
    const file = await this.save(settings);
    return this.pulumi("up", "--config-file", file, "--yes", "--skip-preview", "--non-interactive");
  }

  /** `pulumi destroy`. */
  async destroy(): Promise<Ended> {
    const file = await this.save(this.settings);
    return this.pulumi("destroy", "--config-file", file, "--yes", "--skip-preview", "--non-interactive");
  }

  /** Removes an empty stack and its files. */
  async close(): Promise<void> {
    await this.pulumi("stack", "rm", "--yes", "--preserve-config");
    await rm(this.folder, { recursive: true });
  }

  async pulumi(...args: string[]): Promise<Ended> {
    return ended({ command: run("pulumi", [...args, "--stack", this.name]) });
  }

  /** The state as Pulumi keeps it, or with its secrets decrypted. */
  async state({ showSecrets = false } = {}): Promise<{ text: string; resources: StateResource[]; runs: RunResult[] }> {
    const { output } = await this.pulumi("stack", "export", ...(showSecrets ? ["--show-secrets"] : []));
    const exported = JSON.parse(output) as { deployment: { resources?: StateResource[] } };
    return { text: output, resources: exported.deployment.resources ?? [], runs: runsIn(exported) };
  }

  /** The one run of the state. */
  async run(): Promise<RunResult> {
    const { runs } = await this.state();
    if (runs.length !== 1) {
      throw new Error(
        `stack ${this.name} has ${runs.length} finished runs in its state, not one. Its last up said:\n${this.lastUp}`,
      );
    }
    return runs[0];
  }

  /** The stack's outputs, each by load test. */
  async outputs(): Promise<Record<"runs" | "verdicts" | "resultUrls" | "exploreUrls" | "reportPaths", Record<string, string>>> {
    const { output } = await this.pulumi("stack", "output", "--json");
    return JSON.parse(output) as Awaited<ReturnType<LabStack["outputs"]>>;
  }

  private async save(settings: object): Promise<string> {
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`pulumi-k6:${key}`, value as unknown]));
    const file = path.join(this.folder, "settings.yaml");
    await writeFile(file, stringify({ config, encryptionsalt }));
    return file;
  }
}

/** In a process group of its own, to be killed with all in it. */
function run(program: string, args: string[]) {
  const env = { ...labEnvironment(), PULUMI_NODEJS_TRANSPILE_ONLY: "true", NO_COLOR: "1" };
  return execa(program, args, { env, detached: true, reject: false, all: true, stdin: "ignore" });
}

/** Waits for a command's end. */
export async function ended({ command }: { command: ReturnType<typeof run> }): Promise<Ended> {
  const { exitCode = NaN, all } = await command;
  return { exitCode, output: all };
}
