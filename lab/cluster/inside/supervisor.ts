import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Daemon } from "../daemons";
import { nextDelayMs } from "./backoff";
import type { DaemonState } from "./state";

// Runs inside the lab, bundled into one file: it must not depend on the checkout that started it.
const run = process.argv[2];
const { daemons, logs } = JSON.parse(readFileSync(join(run, "daemons.json"), "utf8")) as { daemons: Daemon[]; logs: string };
const states = new Map<string, DaemonState>(daemons.map(({ name }) => [name, { name, restarts: 0 }]));

function publish(): void {
  const path = join(run, "daemons.state.json");
  writeFileSync(`${path}.new`, JSON.stringify([...states.values()]));
  renameSync(`${path}.new`, path);
}

function update(name: string, change: Partial<DaemonState>): void {
  states.set(name, { ...(states.get(name) as DaemonState), ...change });
  publish();
}

function accepts(address: string): Promise<boolean> {
  const { protocol, hostname, port, pathname } = new URL(address);
  return new Promise((resolve) => {
    const stream =
      protocol === "https:"
        ? // Only whether it is ready is asked, not who it is.
          get(address, { rejectUnauthorized: false, timeout: 1000 }, (response) => {
            response.resume();
            resolve(response.statusCode === 200);
          })
        : connect(protocol === "unix:" ? { path: pathname } : { host: hostname, port: Number(port) }, () => {
            stream.destroy();
            resolve(true);
          });
    stream.on("timeout", () => stream.destroy(new Error("no answer")));
    stream.on("error", () => resolve(false));
  });
}

async function untilAccepts(address: string): Promise<void> {
  // Nothing tells when a port opens.
  while (!(await accepts(address))) {
    await sleep(50);
  }
}

/** Runs a daemon until it ends; it also ends when the supervisor does, so that the next one finds the field clear. */
async function once({ name, command }: Daemon): Promise<string> {
  const log = openSync(join(logs, `${name}.log`), "a");
  try {
    return await new Promise((resolve) => {
      const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...command], { stdio: ["ignore", log, log], cwd: "/" });
      child.once("error", (error) => resolve(error.message));
      child.once("spawn", () => update(name, { pid: child.pid, since: Date.now() }));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
  } finally {
    closeSync(log);
  }
}

async function keep(daemon: Daemon): Promise<never> {
  for (let delayMs = 0; ; await sleep(delayMs)) {
    await Promise.all(daemon.after.map(untilAccepts));
    const started = Date.now();
    const lastEnd = await once(daemon);
    delayMs = nextDelayMs(delayMs, Date.now() - started);
    const { restarts } = states.get(daemon.name) as DaemonState;
    update(daemon.name, { pid: undefined, since: undefined, restarts: restarts + 1, lastEnd });
  }
}

publish();
void Promise.all(daemons.map(keep));
