import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InfluxDB } from "@influxdata/influxdb-client";
import { aggregationSeconds } from "../../../../components/metrics/gateway/names";
import { executable } from "../../../support/executables";
import { startGateway, write, type GatewayOptions, type GatewayProcess } from "../../../support/gateway";
import { startInfluxDb, type InfluxDbProcess } from "../../../support/influxdb";

/** Settings without which samples are lost while every counter of Telegraf says that none were. Each test also shows the loss. */
describe("settings of the gateway that decide whether all samples arrive, with real Telegraf and InfluxDB", function () {
  this.timeout(60_000);
  let folder: string;
  let influxdb: InfluxDbProcess;
  let gateway: GatewayProcess | undefined;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "gateway-settings-"));
    influxdb = await startInfluxDb(executable("influxd"), folder);
  });
  afterEach(() => gateway?.stop());
  after(async () => {
    await influxdb.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (options: Partial<GatewayOptions> = {}) =>
    (gateway = await startGateway(executable("telegraf"), folder, influxdb, { mode: "aggregated", ...options }));
  const without = (setting: RegExp) => (configuration: string) => {
    assert.match(configuration, setting);
    return configuration.replaceAll(setting, "");
  };
  /** Nanoseconds since 1970, some seconds from now. */
  const at = (seconds: number, i = 0) => String(BigInt(Date.now() + seconds * 1000) * 1_000_000n + BigInt(i));
  const samples = (testid: string, count: number, seconds = 0) =>
    Array.from({ length: count }, (_, i) => `http_reqs,name=a,testid=${testid} value=1 ${at(seconds, i)}`).join("\n");
  /** What is stored in the end: the gateway writes what it holds before it ends. */
  const stored = async (testid: string, field = "value_sum") => {
    await gateway?.stop();
    const api = new InfluxDB({ url: influxdb.url, token: influxdb.token }).getQueryApi(influxdb.org);
    const rows = await api.collectRows<{ _value: number }>(
      `from(bucket: "k6") |> range(start: -2h, stop: 2h) |> filter(fn: (r) => r._measurement == "http_reqs" and r.testid == "${testid}" and r._field == "${field}") |> group() |> sum()`,
    );
    return rows[0]?._value ?? 0;
  };

  describe("precision", () => {
    const shortWindows = (configuration: string) =>
      configuration.replaceAll(`period = "${aggregationSeconds}s"`, 'period = "500ms"');
    const send = async (testid: string, change: (configuration: string) => string) => {
      const running = await start({ change: (configuration) => change(shortWindows(configuration)) });
      for (let i = 0; i < 20; i++) {
        await write(running, samples(testid, 5));
        await sleep(100);
      }
      return stored(testid);
    };
    it("keeps sums of the same second apart", async () => assert.equal(await send("precise", (text) => text), 100));
    it("without it later sums replace earlier ones", async () =>
      assert.ok((await send("rounded", without(/precision = "1ns"/g))) < 100));
  });

  describe("grace and delay", () => {
    const send = async (testid: string, change?: (configuration: string) => string) => {
      const running = await start({ change });
      for (const seconds of [-1800, -60, -15, 0, 30]) {
        await write(running, samples(testid, 100, seconds));
      }
      return stored(testid);
    };
    it("count samples that come late or early", async () => assert.equal(await send("graceful"), 500));
    it("without them only those of now count", async () =>
      assert.equal(await send("graceless", without(/(grace|delay) = "1h"/g)), 100));
  });

  describe("connections", () => {
    /** How many are open after a write with an agent that would keep them, as k6's does. */
    const open = async (change?: (configuration: string) => string) => {
      const { url, credentials } = await start({ change });
      const agent = new Agent({ keepAlive: true });
      const { username, password } = credentials;
      const sent = request(`${url}/write?db=k6`, { method: "POST", agent, auth: `${username}:${password}` }).end(
        samples("kept", 1),
      );
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      answer.resume();
      await once(answer, "close");
      await sleep(100);
      const count = Object.values(agent.freeSockets).flat().length;
      agent.destroy();
      return { status: answer.statusCode, count };
    };
    it("end with each write, so that no replica ends one that is written on", async () =>
      assert.deepEqual(await open(), { status: 204, count: 0 }));
    it("without the setting they stay open", async () =>
      assert.deepEqual(await open(without(/http_headers = .*/g)), { status: 204, count: 1 }));
  });

  it("takes what a second of a large runner brings", async () => {
    // As much as k6 sends of 20,000 requests in a second.
    const large = samples("large", 300_000).replaceAll("name=a", `name=${"a".repeat(90)}`);
    assert.ok(large.length > 32 * 1024 * 1024);
    assert.equal(await write(await start(), large), 204);
    assert.equal(await stored("large"), 300_000);
  });

  describe("a bucket that is there before the gateway", () => {
    it("holds what is sent; where it is not, the gateway throws samples away at once", async () => {
      const late = { ...influxdb, bucket: "late" };
      gateway = await startGateway(executable("telegraf"), folder, late, { mode: "raw" });
      assert.equal(await write(gateway, samples("late", 100)), 204);
      const deadline = Date.now() + 10_000;
      while (!/404|not found/i.test(gateway.log()) && Date.now() < deadline) {
        await sleep(100);
      }
      assert.match(gateway.log(), /bucket .*late.* not found/i);
    });
  });

  it("lets nobody write without the pair of the runners", async () => {
    const { url } = await start();
    const nobody = { username: "runner", password: "guessed" };
    assert.equal(await write({ url, credentials: nobody }, samples("guessed", 1)), 401);
    assert.equal((await fetch(`${url}/write?db=k6`, { method: "POST", body: samples("guessed", 1) })).status, 401);
    assert.equal(await stored("guessed"), 0);
  });

  it("stores in mode raw what it is sent, with the runner", async () => {
    await write(await start({ mode: "raw" }), samples("raw", 1000).replaceAll("name=a", "name=a,instance_id=3"));
    assert.equal(await stored("raw", "value"), 1000);
  });
});
