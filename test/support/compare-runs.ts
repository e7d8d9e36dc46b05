import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ComparedRun } from "../../components/run/compare/compare";
import { readRun } from "../../components/run/judge-store";
import { executable } from "./executables";
import { startInfluxDb, type InfluxDbProcess } from "./influxdb";
import { runRunners } from "./k6-runners";
import { passedRun } from "./results";
import { randomOf } from "./synthetic-runs";

const script = (seconds: number) => `
import http from "k6/http";
export const options = { scenarios: { steady: { executor: "constant-arrival-rate", rate: 150, timeUnit: "1s", duration: "${seconds}s", preAllocatedVUs: 60 } } };
export default function () { http.get(__ENV.TARGET); }`;

/** Short real runs of k6 against a target on loopback whose slowness can be set, to be compared. */
export class RunsToCompare {
  /** Factor on the target's answer times. */
  slowness = 1;
  private count = 0;
  private readonly random = randomOf(1);

  private constructor(
    private readonly folder: string,
    private readonly influxdb: InfluxDbProcess,
    private readonly target: Server,
    private readonly seconds: number,
  ) {
    // About 100 to 125 ms, with a tail; every answer is slower by the same factor. What the machine adds is small beside it.
    this.target.on("request", (_, response) => {
      const delayMs = (100 + 25 * this.random() ** 2 + (this.random() > 0.97 ? 60 : 0)) * this.slowness;
      setTimeout(() => response.end("ok"), delayMs);
    });
  }

  /** @param seconds that each run takes */
  static async start(seconds = 4): Promise<RunsToCompare> {
    const folder = await mkdtemp(path.join(tmpdir(), "compare-"));
    const influxdb = await startInfluxDb(executable("influxd"), folder);
    const target = createServer();
    await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    return new RunsToCompare(folder, influxdb, target, seconds);
  }

  /** Makes one run at 150 requests per second. */
  async make(slowness = 1): Promise<ComparedRun> {
    this.slowness = slowness;
    const testid = `run-${(this.count++).toString().padStart(8, "0")}`;
    const { influxdb } = this;
    const folder = path.join(this.folder, testid);
    await mkdir(folder);
    const target = `http://127.0.0.1:${(this.target.address() as AddressInfo).port}`;
    const start = new Date();
    await runRunners(executable("k6"), { folder, script: script(this.seconds), testid, runners: 1, target, influxdb });
    const stop = new Date();
    const { figures, windows } = await readRun(influxdb, {
      scope: { bucket: influxdb.bucket, testid, start, stop: new Date(stop.getTime() + 60_000) },
      load: { start, stop },
      durationSeconds: this.seconds,
      // Nobody tells: it is read once it holds still.
      expected: { requests: NaN, iterations: NaN },
      thresholds: {},
    });
    return { result: { ...passedRun, run: testid, figures, likeness: {} }, ...(windows === undefined ? {} : { windows }) };
  }

  async stop(): Promise<void> {
    this.target.closeAllConnections();
    await Promise.all([this.influxdb.stop(), new Promise((resolve) => this.target.close(resolve))]);
    await rm(this.folder, { recursive: true, force: true });
  }
}
