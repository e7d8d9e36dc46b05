import { mkdir } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";

/** A real InfluxDB 2 on loopback, set up with one org and one bucket. */
export interface InfluxDbProcess {
  url: string;
  org: string;
  bucket: string;
  token: string;
  pid: number;
  /** Sends a signal, e.g. SIGSTOP */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** How an InfluxDB of a test is started. */
export interface InfluxDbOptions {
  /** @default true */
  setUp?: boolean;
  /** Keep also organisation and tokens on disk, so that it can be started again. @default false */
  durable?: boolean;
  /** @default one that is free */
  port?: number;
}

/** Starts InfluxDB with its data under `folder`, set up unless told otherwise. */
export async function startInfluxDb(influxd: string, folder: string, options: InfluxDbOptions = {}): Promise<InfluxDbProcess> {
  const { setUp = true, durable = false, port = await freePort() } = options;
  const data = path.join(folder, "influxdb");
  await mkdir(data, { recursive: true });
  const url = `http://127.0.0.1:${port}`;
  const args = [
    "--bolt-path",
    "influxd.bolt",
    "--sqlite-path",
    "influxd.sqlite",
    "--engine-path",
    "engine",
    "--reporting-disabled",
  ];
  const server = execa(influxd, [...args, "--http-bind-address", new URL(url).host, ...(durable ? [] : ["--store", "memory"])], {
    cwd: data,
    reject: false,
    buffer: false,
  });
  const signal = (name: "SIGSTOP" | "SIGCONT") => void server.kill(name);
  const stop = async (name: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
    server.kill(name);
    await server;
  };
  const ids = { org: "load", bucket: "k6", token: "token-of-a-test" };
  const pid = server.pid ?? 0;
  try {
    await untilHealthy(url, () => server.exitCode !== null);
    if (!setUp) {
      return { url, ...ids, pid, signal, stop };
    }
    const body = JSON.stringify({ username: "admin", password: "password-of-a-test", ...ids });
    const answer = await fetch(`${url}/api/v2/setup`, { method: "POST", body });
    if (answer.status !== 201) {
      throw new Error(`InfluxDB refused its setup: ${answer.status} ${await answer.text()}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, ...ids, pid, signal, stop };
}

async function untilHealthy(url: string, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const isHealthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isHealthy) {
      return;
    }
    if (hasEnded() || Date.now() > deadline) {
      throw new Error(`InfluxDB ${hasEnded() ? "ended at once" : "did not get healthy in 15 s"} at ${url}`);
    }
    await sleep(50);
  }
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
