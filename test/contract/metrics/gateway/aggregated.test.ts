import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { InfluxDB } from "@influxdata/influxdb-client";
import { percentileErrorBound } from "../../../../components/metrics/gateway/buckets";
import { readRun, type Read } from "../../../../components/run/judge-store";
import { Store } from "../../../../components/run/store";
import { executable } from "../../../support/executables";
import { startGateway, write, type GatewayProcess } from "../../../support/gateway";
import { startInfluxDb, type InfluxDbProcess } from "../../../support/influxdb";
import { runThroughGateway } from "../../../support/k6-gateway";
import { JsonSamples } from "../../../support/k6-json";
import { startVariedTarget, type Target } from "../../../support/target";

const seconds = 10;

// Metrics of every type, with names that filters ask for; sizes are of either sign.
const script = `
import http from "k6/http";
import { check } from "k6";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";
const orders = new Counter("orders"), level = new Gauge("level"), good = new Rate("good"), size = new Trend("size");
export const options = { scenarios: { steady: { executor: "constant-arrival-rate", rate: 400, timeUnit: "1s", duration: "${seconds}s", preAllocatedVUs: 60 } } };
export default function () {
  const name = __ITER % 3 === 0 ? "login" : "browse";
  const response = http.get(__ENV.TARGET + "/" + name, { tags: { name } });
  check(response, { ok: (r) => r.status === 200 });
  orders.add(2); level.add(7); good.add(response.status === 200);
  size.add(__ITER % 2 === 0 ? 1000 + __ITER * 37 : -response.timings.duration);
}`;

describe("a gateway in mode aggregated, with real k6, Telegraf and InfluxDB", function () {
  this.timeout(120_000);
  let folder: string;
  let influxdb: InfluxDbProcess | undefined;
  let target: Target | undefined;
  let gateway: GatewayProcess | undefined;
  let samples: JsonSamples;
  let read: Read;
  let store: Store;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "aggregated-"));
    [influxdb, target] = await Promise.all([startInfluxDb(executable("influxd"), folder), startVariedTarget()]);
    gateway = await startGateway(executable("telegraf"), folder, influxdb, { mode: "aggregated" });
    const start = new Date();
    const outputs = await runThroughGateway(executable("k6"), {
      ...{ folder, script, testid: "two", runners: 2, gateway },
      env: { TARGET: `${target.url}/0` },
    });
    const stop = new Date();
    samples = await JsonSamples.read(outputs.map(({ json }) => json));
    const scope = { bucket: influxdb.bucket, testid: "two", start, stop: new Date(stop.getTime() + 60_000), runners: 2 };
    const aggregated = { ...scope, mode: "aggregated" } as const;
    read = await readRun(influxdb, {
      scope: aggregated,
      load: { start, stop },
      durationSeconds: seconds,
      expected: { requests: samples.sum("http_reqs"), iterations: samples.sum("iterations") },
      thresholds: {
        http_req_duration: ["p(50)>0", "p(90)>0", "p(95)>0", "p(99)>0", "p(99.9)>0", "avg>0", "min>0", "max>0"],
        "http_req_duration{name:login,status:200}": ["p(95)>0", "avg>0"],
        "http_req_duration{name:nowhere}": ["p(95)>0"],
        http_req_failed: ["rate<0.5"],
        "http_req_failed{name:browse}": ["rate<0.5"],
        http_reqs: ["count>100", "rate>10"],
        checks: ["rate>0.5"],
        orders: ["count>100"],
        level: ["value==7"],
        good: ["rate>0.5"],
        size: ["p(5)<0", "p(95)>0", "min<0", "max>0"],
        vus_max: ["value==60"],
        nothing_like_it: ["p(95)<10"],
      },
    });
    store = new Store(influxdb, aggregated, seconds);
  });

  after(async () => {
    await Promise.all([gateway?.stop(), target?.stop()]);
    await influxdb?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const actual = (metric: string, expression: string) => {
    const result = read.thresholds.find((threshold) => threshold.metric === metric && threshold.expression === expression);
    assert.ok(result, `${metric}: ${expression} was judged`);
    return result.actual;
  };
  // Tags of buckets have six digits.
  const isWithinBound = (value: number | null | undefined, truth: number, what: string) =>
    assert.ok(
      Math.abs((value ?? NaN) - truth) <= Math.abs(truth) * (percentileErrorBound + 1e-5),
      `${what}: ${value} is not within ${(percentileErrorBound * 100).toFixed(2)} % of ${truth}`,
    );

  it("stores every request and iteration", () => {
    assert.ok(samples.sum("http_reqs") >= 380 * seconds);
    assert.equal(read.figures.requests, samples.sum("http_reqs"));
    assert.equal(read.figures.iterations, samples.sum("iterations"));
  });

  for (const percent of [50, 90, 95, 99, 99.9]) {
    it(`has p${percent} within its bound of k6's own JSON stream`, () =>
      isWithinBound(
        actual("http_req_duration", `p(${percent})>0`),
        samples.percentile("http_req_duration", percent),
        `p${percent}`,
      ));
  }

  it("has sums, means and extremes exactly", () => {
    const near = (value: number | undefined, truth: number) =>
      assert.ok(Math.abs((value ?? NaN) - truth) < 1e-6 * Math.abs(truth), `${value}, ${truth}`);
    near(actual("http_req_duration", "avg>0"), samples.mean("http_req_duration"));
    near(actual("http_req_duration", "min>0"), samples.percentile("http_req_duration", 0));
    near(actual("http_req_duration", "max>0"), samples.percentile("http_req_duration", 100));
    near(actual("http_req_failed", "rate<0.5"), samples.mean("http_req_failed"));
    near(actual("checks", "rate>0.5"), samples.mean("checks"));
    near(actual("http_reqs", "rate>10"), samples.sum("http_reqs") / seconds);
    near(actual("orders", "count>100"), samples.sum("orders"));
    near(actual("good", "rate>0.5"), samples.mean("good"));
    near(actual("size", "min<0"), samples.percentile("size", 0));
    near(actual("size", "max>0"), samples.percentile("size", 100));
    assert.equal(actual("level", "value==7"), 7);
    assert.equal(actual("vus_max", "value==60"), 60);
  });

  it("filters by tags, and has percentiles of a script's own trend of either sign", () => {
    const tags = { name: "login", status: "200" };
    isWithinBound(
      actual("http_req_duration{name:login,status:200}", "p(95)>0"),
      samples.percentile("http_req_duration", 95, tags),
      "login",
    );
    isWithinBound(actual("size", "p(5)<0"), samples.percentile("size", 5), "p5 of size");
    isWithinBound(actual("size", "p(95)>0"), samples.percentile("size", 95), "p95 of size");
  });

  it("says that there was nothing to evaluate", () => {
    assert.equal(actual("http_req_duration{name:nowhere}", "p(95)>0"), undefined);
    assert.equal(actual("nothing_like_it", "p(95)<10"), undefined);
  });

  it("draws every request, in windows of five seconds", () => {
    const { series } = read;
    assert.equal(series?.windowSeconds, 5);
    const drawn = series?.requestsPerSecond.reduce((sum, [, value]) => sum + (value ?? 0) * 5, 0) ?? 0;
    assert.equal(Math.round(drawn), samples.sum("http_reqs"));
    series?.p95.forEach(([, p95], i) => assert.ok((p95 ?? 0) >= (series.p50[i]?.[1] ?? 0), `window ${i}`));
    assert.ok(series?.activeVus.some(([, vus]) => (vus ?? 0) > 0) ?? false);
  });

  it("does not tell runners apart", async () =>
    assert.deepEqual([...(await store.byRunner("http_reqs", "sum"))], [["", samples.sum("http_reqs")]]));

  it("stores a twentieth of the points that k6 sends, or less", async () => {
    const { points, series } = await contentOf("two");
    const perThousand = (count: number) => Math.round((count / samples.sum("http_reqs")) * 1000);
    console.log(
      `      points per 1000 requests: ${perThousand(samples.count)} sent, ${perThousand(points)} stored, in ${series} series`,
    );
    assert.ok(points <= samples.count / 20, `${points} of ${samples.count}`);
  });

  it("has the same series for the same samples, whether of 2 runners or of 20", async () => {
    const timed = BigInt(Date.now()) * 1_000_000n;
    const lines = (testid: string, runners: number) =>
      Array.from({ length: 400 }, (_, i) => {
        const tags = `name=n${i % 5},status=${i % 7 === 0 ? 500 : 200},testid=${testid},instance_id=${i % runners}`;
        return ["http_reqs", "http_req_duration"].map(
          (metric) => `${metric},${tags} value=${metric === "http_reqs" ? 1 : 1 + i} ${timed + BigInt(i)}`,
        );
      }).flat();
    assert.ok(gateway);
    assert.equal(await write(gateway, [...lines("replayed-2", 2), ...lines("replayed-20", 20)].join("\n")), 204);
    // What it holds it writes before it ends.
    await gateway.stop();
    const [few, many] = await Promise.all([contentOf("replayed-2"), contentOf("replayed-20")]);
    assert.ok(few.series > 100, `${few.series} series`);
    assert.equal(many.series, few.series);
  });

  /** Points and series of a run, each field counted once: those of a measurement have all the same. */
  const contentOf = async (testid: string) => {
    const api = new InfluxDB({ url: influxdb?.url ?? "", token: influxdb?.token }).getQueryApi(influxdb?.org ?? "");
    const rows = await api.collectRows<{ _value: number }>(
      `from(bucket: "k6") |> range(start: -1h) |> filter(fn: (r) => r.testid == "${testid}" and (r._field == "value" or r._field == "value_count")) |> count()`,
    );
    return {
      points: rows.reduce((sum, { _value }) => sum + _value, 0),
      series: rows.length,
    };
  };
});
