import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import {
  type GatewayMode,
  gatewayVariables,
  seriesFile,
  telegrafConfiguration,
} from "../../components/metrics/gateway/configuration";
import { seriesScript, type SeriesLimits } from "../../components/metrics/gateway/series-script";
import { freePort, type InfluxDbProcess } from "./influxdb";

/** A real Telegraf on loopback with the gateway's configuration. */
export interface GatewayProcess {
  /** What runners write to. */
  url: string;
  /** For runners, as the runners of k6 take it. */
  credentials: { username: string; password: string };
  pid: number;
  log(): string;
  /** As the kubelet does; resolves when the process is gone. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

export interface GatewayOptions {
  mode: GatewayMode;
  bufferLimit?: number;
  limits?: Partial<SeriesLimits>;
  relay?: string;
  port?: number;
  /** Where it tells Prometheus what it counts. @default nowhere */
  metricsAddress?: string;
  /** Changes the configuration, to show what a setting is for. */
  change?: (configuration: string) => string;
}

const credentials = { username: "runner", password: "password-of-a-runner" };

/** Starts a gateway that writes to a store; its files are in `folder`. */
export async function startGateway(
  telegraf: string,
  folder: string,
  store: Pick<InfluxDbProcess, "url" | "org" | "bucket" | "token">,
  options: GatewayOptions,
): Promise<GatewayProcess> {
  const { mode, bufferLimit = 1_000_000, limits = {}, relay = "a", metricsAddress, change = (text: string) => text } = options;
  const port = options.port ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  const own = path.join(folder, `gateway-${relay}-${port}`);
  await mkdir(own, { recursive: true });
  const { url, org, bucket } = store;
  const configuration = telegrafConfiguration({ url, org, bucket, mode, bufferLimit, address, metricsAddress }, own);
  await writeFile(path.join(own, "telegraf.conf"), change(configuration));
  await writeFile(path.join(own, seriesFile), seriesScript({ series: 5000, values: 50, urls: 20, ...limits }, mode));
  const server = execa(telegraf, ["--config", path.join(own, "telegraf.conf")], {
    env: {
      [gatewayVariables.username]: credentials.username,
      [gatewayVariables.password]: credentials.password,
      [gatewayVariables.token]: store.token,
      [gatewayVariables.relay]: relay,
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
  let log = "";
  server.all?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
    server.kill("SIGCONT");
    server.kill(signal);
    const tooLong = new AbortController();
    await Promise.race([server, sleep(20_000, undefined, { signal: tooLong.signal }).then(() => Promise.reject(hung()))]);
    tooLong.abort();
  };
  const hung = () => {
    server.kill("SIGKILL");
    return new Error(`Telegraf did not end within 20 s:\n${log}`);
  };
  const deadline = Date.now() + 15_000;
  while (!(await isAnswering(`http://${address}`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop("SIGKILL");
      throw new Error(`Telegraf does not listen at ${address}:\n${log}`);
    }
    await sleep(50);
  }
  return { url: `http://${address}`, credentials, pid: server.pid ?? 0, log: () => log, stop };
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** Writes lines as k6's output does. */
export async function write(gateway: Pick<GatewayProcess, "url" | "credentials">, lines: string): Promise<number> {
  const { username, password } = gateway.credentials;
  const { status } = await fetch(`${gateway.url}/write?db=k6&precision=ns`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` },
    body: lines,
  });
  return status;
}
