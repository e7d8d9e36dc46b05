import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { parseBarrierLine, type BarrierLine } from "../../components/run/barrier-line";
import { Problems } from "../../components/errors";
import { configMapContents, type ConfigMapContent } from "../../components/run/harness/files";
import { parseTotals } from "../../components/run/observe";
import { readScript } from "../../components/run/script/read";
import type { Script, ScriptSource } from "../../components/run/script/source";
import type { RunnerTotals } from "../../components/run/types";

/** How a group of runners ended. */
export interface Outcome {
  exitCodes: (number | undefined)[];
  totals: (RunnerTotals | undefined)[];
  logs: string[];
  /** What the barrier printed, in order. */
  barrier: BarrierLine[];
  /** Points of the runners' JSON streams, all together: metric, value and tags. */
  points: { metric: string; value: number; tags: Record<string, string> }[];
}

export interface GroupOptions {
  script: string | ScriptSource;
  runners: number;
  /** Indexes of runners that never come up. */
  absent?: number[];
  startDeadlineSeconds?: number;
  /** Further arguments of `k6 run`. */
  args?: string[];
  /** Further variables of the launcher. */
  env?: Record<string, string>;
}

/** Runners of one run as processes on loopback, started by the very launcher, harness and barrier that run in pods. */
export class RunGroup {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-group-"));
  private readonly processes: ReturnType<typeof startRunner>[] = [];

  private constructor(k6: string, options: GroupOptions, port: number) {
    const { script: source, runners, absent = [], startDeadlineSeconds = 20, args = [], env = {} } = options;
    const script = scriptOf(typeof source === "string" ? { inline: source } : source, runners);
    const more = path.join(this.folder, ".more");
    mkdirSync(more);
    const [first, ...others] = configMapContents(script);
    unpack(this.folder, first);
    others.forEach((content) => unpack(more, content));
    for (let index = 0; index < runners; index++) {
      if (!absent.includes(index)) {
        this.processes[index] = startRunner(this.folder, index, {
          PATH: `${path.dirname(k6)}${path.delimiter}${process.env.PATH}`,
          RUN: "shop-12345678",
          RUNNERS: String(runners),
          PEER: `http://127.0.0.1:${Math.floor(port / 10)}{index}`,
          ADDRESS: `127.0.0.1:${port + index}`,
          START_DEADLINE: String(startDeadlineSeconds),
          TOTALS: this.file("totals", index),
          SPLIT_FILES: script.splitFiles.join(" "),
          ...(others.length > 0 ? { MORE: more } : {}),
          ...(script.isArchive ? { MAIN: script.entry } : {}),
          ...env,
          ARGS: JSON.stringify(["--out", `json=${this.file("points", index)}`, ...args]),
        });
      }
    }
  }

  static async start(k6: string, options: GroupOptions): Promise<RunGroup> {
    return new RunGroup(k6, options, await freePorts());
  }

  /** Sends a signal; SIGTERM is what the kubelet sends at a pod's deadline. With SIGKILL all of a container end. */
  signal(index: number, signal: "SIGTERM" | "SIGINT" | "SIGKILL"): void {
    const { pid } = this.processes[index];
    try {
      process.kill(signal === "SIGKILL" ? -(pid ?? NaN) : (pid ?? NaN), signal);
    } catch {
      // It has ended.
    }
  }

  /** Ends k6 alone, as the kernel does for want of memory. */
  async killK6(index: number): Promise<void> {
    const { stdout } = await execa("pgrep", ["-P", String(this.processes[index].pid), "-f", "--", "--paused"]);
    process.kill(Number(stdout), "SIGKILL");
  }

  /** What a runner left, as the kubelet reads it. */
  message(index: number): string | undefined {
    return this.read("totals", index);
  }

  /** Resolves once the barrier has said this. */
  heard(what: BarrierLine["pulumi-k6"]): Promise<BarrierLine> {
    const [{ all }] = this.processes;
    return new Promise((resolve) => {
      let text = "";
      all?.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const said = text.split("\n").map(parseBarrierLine);
        const line = said.find((one) => one?.["pulumi-k6"] === what);
        if (line !== undefined) {
          resolve(line);
        }
      });
    });
  }

  async end(): Promise<Outcome> {
    const ended = await Promise.all(this.processes);
    const logs = ended.map((one) => String(one.all));
    const indexes = ended.map((_, i) => i);
    return {
      exitCodes: ended.map(({ exitCode }) => exitCode),
      logs,
      totals: indexes.map((index) => parseTotals(this.read("totals", index))),
      barrier: logs[0].split("\n").flatMap((line) => parseBarrierLine(line) ?? []),
      points: indexes.flatMap((index) => pointsOf(this.read("points", index) ?? "")),
    };
  }

  dispose(): void {
    this.processes.forEach((_, index) => this.signal(index, "SIGKILL"));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(what: string, index: number): string {
    return path.join(this.folder, `${what}-${index}.json`);
  }

  private read(what: string, index: number): string | undefined {
    try {
      return readFileSync(this.file(what, index), "utf8");
    } catch {
      return undefined;
    }
  }
}

/** Lays a ConfigMap's data out as a volume does. */
function unpack(folder: string, { data, binaryData = {} }: ConfigMapContent): void {
  Object.entries(data).forEach(([name, text]) => writeFileSync(path.join(folder, name), text));
  Object.entries(binaryData).forEach(([name, text]) => writeFileSync(path.join(folder, name), text, "base64"));
}

function scriptOf(source: ScriptSource, runners: number): Script {
  const problems = new Problems();
  const script = readScript(source, { path: "script", runners }, problems);
  problems.throwIfAny("the script of a test");
  return script as Script;
}

function startRunner(folder: string, index: number, { ARGS, ...env }: Record<string, string>) {
  const args = [path.join(folder, "launcher.sh"), ...(JSON.parse(ARGS) as string[])];
  const own = { ...env, JOB_COMPLETION_INDEX: String(index) };
  // A group of processes of its own, as a container is one.
  return execa("sh", args, { env: own, extendEnv: false, all: true, reject: false, detached: true });
}

function pointsOf(stream: string): Outcome["points"] {
  return stream
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { type: string; metric: string; data: { value: number; tags: Record<string, string> } })
    .filter(({ type }) => type === "Point")
    .map(({ metric, data }) => ({ metric, value: data.value, tags: data.tags ?? {} }));
}

/** A port that ends in 0 and is free, with the nine after it very likely too: below the range that the system hands out. */
async function freePorts(): Promise<number> {
  for (let port = 20000 + 10 * (process.pid % 1000); port < 32000; port += 10) {
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error("no free ports from 20000 to 32000");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound === port));
    });
  });
}
