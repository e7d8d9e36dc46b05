import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { outputArguments } from "../../components/run/engines/pod-parts";
import type { GatewayProcess } from "./gateway";
import { runInputs } from "./results";

/** Real k6 processes that write to a gateway. */
export interface GatewayRunnersOptions {
  folder: string;
  script: string;
  testid: string;
  runners: number;
  env: Record<string, string>;
  gateway: Pick<GatewayProcess, "url" | "credentials">;
}

/** What one runner left. */
export interface GatewayRunner {
  /** Path of its JSON stream. */
  json: string;
  log: string;
  /** Its resident memory, MiB, once a second. */
  memoryMi: number[];
}

/** Starts all runners; resolves when all have ended. */
export async function runThroughGateway(k6: string, options: GatewayRunnersOptions): Promise<GatewayRunner[]> {
  const { folder, script, testid, runners, env, gateway } = options;
  const file = path.join(folder, `${testid}.js`);
  await writeFile(file, script);
  const sequence = Array.from({ length: runners + 1 }, (_, i) => (i === 0 ? "0" : i === runners ? "1" : `${i}/${runners}`));
  const store = { ...runInputs.store, writeUrl: gateway.url, bucket: "k6" };
  return Promise.all(
    sequence.slice(1).map(async (to, i) => {
      const json = path.join(folder, `${testid}-${i}.json`);
      const segment = ["--execution-segment", `${sequence[i]}:${to}`, "--execution-segment-sequence", sequence.join(",")];
      const tags = ["--tag", `testid=${testid}`, "--tag", `instance_id=${i}`];
      const outputs = ["--out", `json=${json}`, ...outputArguments({ store })];
      const runner = execa(k6, ["run", "--quiet", "--address", "", "--no-usage-report", ...segment, ...outputs, ...tags, file], {
        env: { ...env, K6_INFLUXDB_USERNAME: gateway.credentials.username, K6_INFLUXDB_PASSWORD: gateway.credentials.password },
        all: true,
        reject: false,
      });
      const memoryMi: number[] = [];
      const watch = setInterval(() => void residentMi(runner.pid).then((mi) => mi !== undefined && memoryMi.push(mi)), 1000);
      const { all, exitCode } = await runner;
      clearInterval(watch);
      if (exitCode !== 0) {
        throw new Error(`runner ${i} ended with ${exitCode}:\n${all}`);
      }
      return { json, log: all, memoryMi };
    }),
  );
}

async function residentMi(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kibi = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibi === undefined ? undefined : Number(kibi) / 1024;
}
