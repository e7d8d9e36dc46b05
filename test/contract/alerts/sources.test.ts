import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InfluxDB } from "@influxdata/influxdb-client";
import { alertGroups } from "../../../components/alerts/rules/groups";
import { dashboards } from "../../../components/grafana/dashboards/dashboards";
import { promqlOf, panelsOf } from "../../../components/grafana/dashboards/model";
import type { GatewayMode } from "../../../components/metrics/gateway/configuration";
import { executable } from "../../support/executables";
import { startGateway, write, type GatewayProcess } from "../../support/gateway";
import { freePort, startInfluxDb, type InfluxDbProcess } from "../../support/influxdb";

const rules = alertGroups({ namespace: "load", gateway: true, storageSize: "20Gi" }, {}).flatMap((group) => group.rules);
const panels = dashboards({ prometheus: true }).flatMap(panelsOf).flatMap(promqlOf);

/** Names of metrics that begin so, in what alerts and panels ask. */
function asked(beginning: string): string[] {
  const found = [...rules.map(({ expr }) => expr), ...panels].flatMap((text) => text.match(/\b[a-z_]+(?=\{|\))/g) ?? []);
  return [...new Set(found.filter((name) => name.startsWith(beginning)))].sort();
}

/** What something tells at an address, as value by series. */
async function told(url: string): Promise<Map<string, number>> {
  const lines = (await (await fetch(url)).text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]));
}

const valuesOf = (metrics: Map<string, number>, name: string) =>
  [...metrics].filter(([series]) => series.split("{")[0] === name).map(([, value]) => value);

describe("what alerts and panels ask, with real Telegraf and InfluxDB", function () {
  this.timeout(90_000);
  let folder: string;
  let influxdb: InfluxDbProcess;
  let gateway: GatewayProcess | undefined;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "alert-sources-"));
    influxdb = await startInfluxDb(executable("influxd"), folder);
  });
  afterEach(() => gateway?.stop());
  after(async () => {
    await influxdb.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(
    mode: GatewayMode,
    store: Pick<InfluxDbProcess, "url" | "org" | "bucket" | "token">,
    bufferLimit = 10_000,
  ) {
    const metricsAddress = `127.0.0.1:${await freePort()}`;
    gateway = await startGateway(executable("telegraf"), folder, store, { mode, bufferLimit, metricsAddress });
    return `http://${metricsAddress}/metrics`;
  }

  /** Once the gateway has told something of itself, which it does every five seconds. */
  async function untilTold(url: string, holds: (metrics: Map<string, number>) => boolean): Promise<Map<string, number>> {
    for (const end = Date.now() + 40_000; ; await sleep(500)) {
      const metrics = await told(url);
      if (holds(metrics) || Date.now() > end) {
        return metrics;
      }
    }
  }

  it("is told by the gateway in mode aggregated, by each name, and no sample with it", async () => {
    const url = await start("aggregated", influxdb);
    await write(gateway!, `http_reqs,name=a,testid=shop value=1 ${Date.now()}000000`);
    const names = asked("gateway_");
    assert.equal(names.length, 5, names.join(", "));
    const metrics = await untilTold(url, (all) => valuesOf(all, "gateway_internal_aggregate_metrics_dropped").length > 0);
    for (const name of names) {
      assert.ok(valuesOf(metrics, name).length > 0, `${name} is not among ${[...metrics.keys()].join("\n")}`);
    }
    assert.deepEqual(
      [...metrics.keys()].filter((series) => !series.startsWith("gateway_internal_") || series.includes("prometheus")),
      [],
    );
  });

  it("shows losses while the store is away, which is when the store can tell nobody", async () => {
    const away = { url: `http://127.0.0.1:${await freePort()}`, org: "o", bucket: "b", token: "t" };
    const url = await start("raw", away, 1000);
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `http_reqs,name=a,testid=shop value=1 ${Date.now()}${String(i).padStart(6, "0")}`,
    );
    await write(gateway!, lines.join("\n"));
    const metrics = await untilTold(url, (all) =>
      valuesOf(all, "gateway_internal_write_metrics_dropped").some((value) => value > 0),
    );
    const [lost = 0] = valuesOf(metrics, "gateway_internal_write_metrics_dropped");
    assert.ok(lost >= 2000 && lost <= 2100, `${lost} lost`);
    assert.deepEqual(valuesOf(metrics, "gateway_internal_write_buffer_limit"), [1000]);
  });

  it("is told by the store, by each name", async () => {
    const { url, org, bucket, token } = influxdb;
    const api = new InfluxDB({ url, token }).getWriteApi(org, bucket);
    api.writeRecord("http_reqs,testid=shop value=1");
    await api.close();
    const names = [...asked("storage_"), ...asked("influxdb_")];
    assert.deepEqual(names, ["storage_shard_disk_size", "influxdb_uptime_seconds"]);
    const metrics = await told(`${url}/metrics`);
    for (const name of names) {
      assert.ok(valuesOf(metrics, name).length > 0, name);
    }
    assert.match([...metrics.keys()].find((series) => series.startsWith("storage_shard_disk_size")) ?? "", /\{bucket="/);
  });
});
