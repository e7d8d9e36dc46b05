import { appendFile, readFile } from "node:fs/promises";
import { execa } from "execa";

/** A program to run for a part. */
export interface Command {
  program: string;
  args: readonly string[];
  cwd: string;
  /** Added to the environment of this process. @default {} */
  env?: Readonly<Record<string, string>>;
}

/** A program that did not do its work. */
export class CommandError extends Error {
  constructor(
    /** What happened, e.g. `go build: exit code 1`. */
    readonly fact: string,
    /** What a person can do about it, where that is known. */
    readonly remedy?: string,
  ) {
    super(remedy === undefined ? fact : `${fact}. ${remedy}`);
    this.name = "CommandError";
  }
}

// What a bare machine is expected to have, and who to ask for it otherwise.
const remedies: Readonly<Record<string, string>> = {
  go: "Install Go 1.26.4 or newer and put it on PATH",
  cargo: "Install Rust 1.90 or newer with rustup",
  python3: "Install Python 3.9 or newer with pip",
  "apt-get": "The lab takes busybox from Debian and runs on Debian or Ubuntu",
  "dpkg-deb": "The lab takes busybox from Debian and runs on Debian or Ubuntu",
};

/**
 * Runs a program with all it prints appended to a log.
 *
 * @throws {CommandError} when it is not there, ends with another code than 0 or is stopped by `stop`
 */
export async function runLogged({ program, args, cwd, env = {} }: Command, log: string, stop: AbortSignal): Promise<void> {
  await appendFile(log, `$ ${[program, ...args].join(" ")}\n`);
  const output = { file: log, append: true } as const;
  const result = await execa(program, args, {
    cwd,
    env,
    stdin: "ignore",
    stdout: output,
    stderr: output,
    buffer: false,
    cancelSignal: stop,
    reject: false,
  });
  if (!result.failed) {
    return;
  }
  if (result.code === "ENOENT") {
    throw new CommandError(`${program} is not on PATH`, remedies[program]);
  }
  const subject = [program, ...args.slice(0, 1)].join(" ");
  throw new CommandError(
    result.exitCode === undefined ? `${subject}: ${result.shortMessage}` : `${subject}: exit code ${result.exitCode}`,
  );
}

/** The last lines of a log, without empty ones. */
export async function lastLines(log: string, count: number): Promise<string[]> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
