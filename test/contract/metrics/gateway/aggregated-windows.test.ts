import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { distressOf } from "../../../../components/run/abort-run";
import { readThresholds } from "../../../../components/run/judge-thresholds";
import { Store } from "../../../../components/run/store";
import type { ThresholdMap } from "../../../../components/run/types";
import { executable } from "../../../support/executables";
import { startGateway, write, type GatewayProcess } from "../../../support/gateway";
import { startInfluxDb, type InfluxDbProcess } from "../../../support/influxdb";
import { runInputs } from "../../../support/results";

const seconds = 15;

describe("windows of a steady load behind a gateway in mode aggregated, with real Telegraf and InfluxDB", function () {
  this.timeout(60_000);
  let folder: string;
  let influxdb: InfluxDbProcess | undefined;
  let gateway: GatewayProcess | undefined;
  let start: Date;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "aggregated-windows-"));
    influxdb = await startInfluxDb(executable("influxd"), folder);
    gateway = await startGateway(executable("telegraf"), folder, influxdb, { mode: "aggregated" });
    // Two seconds before a step of the gateway.
    await sleep(8_000 - (Date.now() % 5_000));
    start = new Date();
    for (let i = 0; i < seconds * 10; i++) {
      await sleep(Math.max(0, start.getTime() + i * 100 - Date.now()));
      const now = BigInt(Date.now()) * 1_000_000n;
      const lines = Array.from({ length: 10 }, (_, j) => `http_reqs,testid=steady,instance_id=0 value=1 ${now + BigInt(j)}`);
      assert.equal(await write(gateway, lines.join("\n")), 204);
    }
  });

  after(async () => {
    await gateway?.stop();
    await influxdb?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("are all whole, and refused where they would cut a step of the gateway", async () => {
    assert.ok(influxdb);
    const stop = new Date(start.getTime() + seconds * 1000);
    const scope = { bucket: influxdb.bucket, testid: "steady", start, stop, mode: "aggregated" } as const;
    const store = new Store(influxdb, scope, seconds);
    const thresholds = {
      http_reqs: ["rate>85 over 5s", "rate<115 over 5s", "rate>85 over 10s", "rate>85 over 1s", "rate>85 over 15s"],
    };
    const results = await readThresholds(store, scope, { start, stop }, { thresholds });
    assert.deepEqual(
      results.map(({ ok, windows }) => [ok, windows?.of, windows?.met]),
      [
        [true, 2, 2],
        [true, 2, 2],
        [true, 1, 1],
        [false, undefined, undefined],
        [false, 0, 0],
      ],
    );
    const [, , , cut, long] = results;
    assert.match(
      cut.problem ?? "",
      /^its windows of 1 s are no multiple of the 5 s that the gateway adds up\. Use for example "over 5s"$/,
    );
    assert.match(
      long.problem ?? "",
      /did not last as long as one window of 15 s, counted from the next full 5 s of the gateway's clock$/,
    );
  });

  it("stop no healthy run, and one that its target fails", async () => {
    const { url, org = "", bucket = "", token = "" } = influxdb ?? {};
    const watched = (thresholds: ThresholdMap, signal: AbortSignal) => {
      const abortWhen = { thresholds, windowSeconds: 3, windows: 2 };
      const store = { ...runInputs.store, url, org, bucket, mode: "aggregated" as const };
      return distressOf({ ...runInputs, run: "steady", store, readToken: token, abortWhen }, start, signal);
    };
    // The windows wait for samples that are on their way: the second may be looked at 8 s after its end.
    const signal = AbortSignal.timeout(10_000);
    const [healthy, slow] = await Promise.all([
      watched({ http_reqs: ["rate>85"] }, signal),
      watched({ http_reqs: ["rate>200"] }, signal),
    ]);
    assert.equal(healthy, undefined);
    assert.match(
      slow ?? "",
      /^http_reqs: rate>200 was missed in 2 windows of 5 s in a row \((9\d|10\d|110)[\d.]*, (9\d|10\d|110)[\d.]*\)$/,
    );
  });
});
