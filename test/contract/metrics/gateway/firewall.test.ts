import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { GatewayMode } from "../../../../components/metrics/gateway/configuration";
import { Store } from "../../../../components/run/store";
import { readGateway, readOffences } from "../../../../components/run/store-gateway";
import { executable } from "../../../support/executables";
import { startGateway, write, type GatewayProcess } from "../../../support/gateway";
import { startInfluxDb, type InfluxDbProcess } from "../../../support/influxdb";
import { runThroughGateway } from "../../../support/k6-gateway";
import { JsonSamples } from "../../../support/k6-json";
import { startVariedTarget, type Target } from "../../../support/target";

// As people write it who have not heard of name tags.
const script = `
import http from "k6/http";
export const options = { vus: 20, iterations: 1500 };
export default function () { http.get(__ENV.TARGET + "/product?id=" + ((__VU * 31 + __ITER) % 500)); }`;

const budget = 2000;

describe("the cardinality firewall of the gateway, with real k6, Telegraf and InfluxDB", function () {
  this.timeout(60_000);
  let folder: string;
  let influxdb: InfluxDbProcess;
  let target: Target;
  let gateway: GatewayProcess;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "firewall-"));
    [influxdb, target] = await Promise.all([startInfluxDb(executable("influxd"), folder), startVariedTarget()]);
  });
  afterEach(() => gateway?.stop());
  after(async () => {
    await Promise.all([influxdb.stop(), target.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (mode: GatewayMode, limits = {}) =>
    (gateway = await startGateway(executable("telegraf"), folder, influxdb, { mode, limits: { series: budget, ...limits } }));
  const storeOf = (testid: string, mode: GatewayMode) => {
    const now = Date.now();
    const scope = { bucket: influxdb.bucket, testid, mode, start: new Date(now - 60_000), stop: new Date(now + 60_000) };
    return { store: new Store(influxdb, scope, 1), scope };
  };
  const seriesOf = async (testid: string, mode: GatewayMode) => {
    const { store } = storeOf(testid, mode);
    const query = `from(bucket: "k6") |> range(start: -1h) |> filter(fn: (r) => r.testid == "${testid}" and (r._field == "value" or r._field == "value_count")) |> first()`;
    return (await store.records<{ name?: string }>({ toString: () => query })).map(({ name }) => name);
  };

  for (const mode of ["raw", "aggregated"] as const) {
    it(`keeps the series of 500 URLs under the budget in mode ${mode}, loses no count and names the tag`, async () => {
      await start(mode);
      const outputs = await runThroughGateway(executable("k6"), {
        ...{ folder, script, testid: mode, runners: 1, gateway },
        env: { TARGET: `${target.url}/0` },
      });
      const samples = await JsonSamples.read(outputs.map(({ json }) => json));
      await gateway.stop();
      const { store, scope } = storeOf(mode, mode);
      const names = await seriesOf(mode, mode);
      console.log(`      ${samples.sum("http_reqs")} requests, ${names.length} series, ${new Set(names).size} names`);
      assert.ok(names.length <= budget, `${names.length} series`);
      assert.ok(new Set(names).size <= 22, `${new Set(names).size} names`);
      assert.equal((await store.counts()).requests, samples.sum("http_reqs"));
      const [sentence, ...others] = await readOffences(store, scope);
      assert.match(
        sentence,
        /^tag name has too many different URLs as its values, .*: ("[^"]+\/product\?id=\d+"(, |\. )){3}Give .* name: "product" /,
      );
      assert.ok(
        others.every((other) => /^tag name makes more series/.test(other)),
        others.join("\n"),
      );
    });
  }

  const lines = (testid: string, count: number, tagsOf: (i: number) => string) =>
    Array.from(
      { length: count },
      (_, i) => `orders,testid=${testid},${tagsOf(i)} value=1 ${BigInt(Date.now()) * 1_000_000n + BigInt(i)}`,
    ).join("\n");
  const sentencesOf = async (testid: string) => {
    await gateway.stop();
    const { store, scope } = storeOf(testid, "raw");
    assert.equal((await store.counts()).requests, 0);
    const names = await seriesOf(testid, "raw");
    return { sentences: await readOffences(store, scope), series: names.length };
  };

  it("caps the values of any tag of the script", async () => {
    await start("raw");
    await write(
      gateway,
      lines("values", 500, (i) => `user=u${i}`),
    );
    const { sentences, series } = await sentencesOf("values");
    assert.equal(series, 51);
    assert.match(sentences.join("\n"), /^tag user has too many different values, .* first seen in orders: "u50", "u51", "u52"\./);
  });

  it("stores of the script's tags only those that are listed, where there is a list", async () => {
    await start("raw", { tags: ["kind"] });
    await write(
      gateway,
      lines("listed", 10, (i) => `kind=k${i % 2},user=u${i}`),
    );
    const { sentences, series } = await sentencesOf("listed");
    assert.equal(series, 2);
    assert.match(sentences.join("\n"), /^tag user was left out/);
  });

  it("never stores what has no bound, such as the URL", async () => {
    await start("raw");
    await write(
      gateway,
      lines("unbounded", 10, (i) => `url=http://x/${i},vu=${i}`),
    );
    assert.equal((await sentencesOf("unbounded")).series, 1);
  });

  it("keeps to the budget where every tag is within its own limit", async () => {
    await start("raw", { series: 30 });
    await write(
      gateway,
      lines("budget", 400, (i) => `a=a${i % 20},b=b${Math.floor(i / 20)}`),
    );
    const { sentences, series } = await sentencesOf("budget");
    assert.equal(series, 31);
    assert.match(sentences.join("\n"), /makes more series than a run may have/);
  });

  it("tells how many points it threw away when its buffer was full", async () => {
    const nowhere = { ...influxdb, url: "http://127.0.0.1:9" };
    const full = await startGateway(executable("telegraf"), folder, nowhere, { mode: "raw", bufferLimit: 1000, relay: "full" });
    try {
      await write(
        full,
        lines("full", 5000, () => "name=a"),
      );
      const deadline = Date.now() + 5000;
      while (!/overflow/.test(full.log()) && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.match(full.log(), /Metric buffer overflow; 40\d\d metrics have been dropped/);
    } finally {
      await full.stop("SIGKILL");
    }
  });

  it("tells its counters in the bucket of the run", async () => {
    await start("raw");
    await new Promise((resolve) => setTimeout(resolve, 6000));
    await gateway.stop();
    const { store, scope } = storeOf("none", "raw");
    const { dropped, rejected, buffered } = (await readGateway(store, scope)) ?? {};
    assert.deepEqual({ dropped, rejected, buffered }, { dropped: 0, rejected: 0, buffered: 0 });
  });
});
