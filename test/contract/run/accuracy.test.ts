import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { judge } from "../../../components/run/judge";
import { readRun, type Read } from "../../../components/run/judge-store";
import { executable } from "../../support/executables";
import { startInfluxDb, type InfluxDbProcess } from "../../support/influxdb";
import { JsonSamples } from "../../support/k6-json";
import { runRunners } from "../../support/k6-runners";
import { goodRunner, runInputs } from "../../support/results";
import { startVariedTarget, type Target } from "../../support/target";

const testid = "accuracy-0a1b2c3d";

// Two names and a script metric of each type, so that filters and the reading of types are tried too.
const script = `
import http from "k6/http";
import { check, sleep } from "k6";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";
const orders = new Counter("orders"), level = new Gauge("level"), good = new Rate("good"), size = new Trend("size");
export const options = { scenarios: { steady: { executor: "constant-arrival-rate", rate: 200, timeUnit: "1s", duration: "5s", preAllocatedVUs: 40 } } };
export default function () {
  const name = __ITER % 3 === 0 ? "login" : "browse";
  const response = http.get(__ENV.TARGET + "/" + name, { tags: { name } });
  check(response, { ok: (r) => r.status === 200 });
  orders.add(2); level.add(7); good.add(response.status === 200); size.add(response.timings.duration * -1);
}`;

describe("figures from the store, of two real k6 runners", function () {
  this.timeout(60_000);
  let folder: string;
  let influxdb: InfluxDbProcess | undefined;
  let target: Target | undefined;
  let samples: JsonSamples;
  let read: Read;
  let start: Date;
  let stop: Date;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "accuracy-"));
    [influxdb, target] = await Promise.all([startInfluxDb(executable("influxd"), folder), startVariedTarget()]);
    start = new Date();
    const outputs = await runRunners(executable("k6"), { folder, script, testid, runners: 2, target: target.url, influxdb });
    stop = new Date();
    samples = await JsonSamples.read(outputs);
    read = await readRun(influxdb, {
      scope: { bucket: influxdb.bucket, testid, start, stop: new Date(stop.getTime() + 60_000) },
      load: { start, stop },
      durationSeconds: 5,
      expected: { requests: samples.sum("http_reqs"), iterations: samples.sum("iterations") },
      thresholds: {
        http_req_duration: ["p(95)<10000", "p(99)<1", "p(50)>0", "max>0", "min>0", "avg>0", "med>0"],
        "http_req_duration{name:login,status:200}": ["p(95)>0"],
        "http_req_duration{name:nowhere}": ["p(95)<10000"],
        http_req_failed: ["rate<0.5"],
        "http_req_failed{name:browse}": ["rate<0.5"],
        http_reqs: ["count>100", "rate>10"],
        checks: ["rate>0.5"],
        dropped_iterations: ["count==0"],
        orders: ["count>100", "rate>10"],
        level: ["value==7"],
        good: ["rate>0.5"],
        size: ["p(95)<0"],
        vus_max: ["value==40"],
        nothing_like_it: ["count<10"],
      },
    });
  });

  after(async () => {
    await Promise.all([influxdb?.stop(), target?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const actual = (metric: string, expression: string) => {
    const result = read.thresholds.find((threshold) => threshold.metric === metric && threshold.expression === expression);
    assert.ok(result, `${metric}: ${expression} was judged`);
    return result;
  };
  const near = (value: number | null | undefined, truth: number, what: string) =>
    assert.ok(Math.abs((value ?? NaN) - truth) <= Math.abs(truth) * 0.01, `${what}: ${value} is not within 1 % of ${truth}`);

  it("count every request and iteration of both runners", () => {
    assert.ok(read.figures.requests >= 900, `${read.figures.requests} requests`);
    assert.equal(read.figures.requests, samples.sum("http_reqs"));
    assert.equal(read.figures.iterations, samples.sum("iterations"));
  });

  it("have the pooled p50, p95, p99 and maximum of both k6 streams", () => {
    const { p50, p95, p99, max } = read.figures;
    near(p50, samples.percentile("http_req_duration", 50), "p50");
    near(p95, samples.percentile("http_req_duration", 95), "p95");
    near(p99, samples.percentile("http_req_duration", 99), "p99");
    assert.equal(max, samples.percentile("http_req_duration", 100));
  });

  it("have the error rate of both streams", () => {
    assert.ok((read.figures.errorRate ?? 0) > 0, "the target fails some requests");
    near(read.figures.errorRate, samples.mean("http_req_failed"), "error rate");
  });

  it("keep runners apart from each other: one runner's p95 is not the pooled one", () => {
    const each = [0, 1].map((i) => samples.percentile("http_req_duration", 95, { instance_id: `${i}` }));
    assert.ok(
      Math.abs((each[0] ?? 0) - (each[1] ?? 0)) > 0.05 * (each[0] ?? 0),
      `runners see different targets: ${each.join(" and ")}`,
    );
  });

  it("judge trends, with tag filters", () => {
    near(actual("http_req_duration", "p(95)<10000").actual, samples.percentile("http_req_duration", 95), "p(95)");
    assert.equal(actual("http_req_duration", "p(95)<10000").ok, true);
    assert.equal(actual("http_req_duration", "p(99)<1").ok, false);
    near(actual("http_req_duration", "avg>0").actual, samples.mean("http_req_duration"), "avg");
    near(actual("http_req_duration", "med>0").actual, samples.percentile("http_req_duration", 50), "med");
    assert.equal(actual("http_req_duration", "min>0").actual, samples.percentile("http_req_duration", 0));
    const login = samples.percentile("http_req_duration", 95, { name: "login", status: "200" });
    near(actual("http_req_duration{name:login,status:200}", "p(95)>0").actual, login, "p(95) of login");
    near(
      actual("http_req_failed{name:browse}", "rate<0.5").actual,
      samples.mean("http_req_failed", { name: "browse" }),
      "browse",
    );
  });

  it("judge counters, rates and gauges by k6's meaning of each", () => {
    assert.equal(actual("http_reqs", "count>100").actual, samples.sum("http_reqs"));
    assert.equal(actual("http_reqs", "rate>10").actual, samples.sum("http_reqs") / 5);
    near(actual("checks", "rate>0.5").actual, samples.mean("checks"), "checks");
    assert.equal(actual("vus_max", "value==40").actual, 40);
    assert.equal(actual("dropped_iterations", "count==0").ok, true);
  });

  it("judge the script's own metrics of every type", () => {
    assert.equal(actual("orders", "count>100").actual, samples.sum("orders"));
    assert.equal(actual("orders", "rate>10").actual, samples.sum("orders") / 5);
    assert.equal(actual("level", "value==7").ok, true);
    near(actual("good", "rate>0.5").actual, samples.mean("good"), "good");
    near(actual("size", "p(95)<0").actual, samples.percentile("size", 95), "size");
  });

  it("say that a threshold had nothing to evaluate, and never pass it", () => {
    for (const [metric, expression] of [
      ["http_req_duration{name:nowhere}", "p(95)<10000"],
      ["nothing_like_it", "count<10"],
    ] as const) {
      assert.equal(actual(metric, expression).actual, undefined);
      assert.equal(actual(metric, expression).ok, false);
    }
  });

  it("draw every request in the window in which k6 saw it", () => {
    const { series } = read;
    assert.ok(series, "there are charts");
    const { windowSeconds, requestsPerSecond } = series;
    const drawn = requestsPerSecond.slice(0, -1).map(([, value]) => (value ?? 0) * windowSeconds);
    assert.deepEqual(drawn, samples.countPerWindow("http_reqs", start, windowSeconds).slice(0, drawn.length));
    assert.ok(drawn.length >= 4, `${drawn.length} whole windows`);
  });

  it("draw active VUs of both runners together, and percentiles in order", () => {
    const vus = read.series?.activeVus.map(([, value]) => value ?? 0) ?? [];
    assert.ok(Math.max(...vus) > 0 && Math.max(...vus) <= 40, `active VUs: ${vus.join(", ")}`);
    read.series?.p95.forEach(([, p95], i) => assert.ok((p95 ?? 0) >= (read.series?.p50[i]?.[1] ?? 0), `window ${i}`));
  });

  describe("judged", () => {
    /** The run as an engine would report it, with `lost` requests of runner 1 that never came to the store. */
    const judged = (lost: number, token = influxdb?.token ?? "") => {
      const runners = [0, 1].map((index) => {
        const of = (metric: string) => samples.sum(metric, { instance_id: `${index}` });
        const runner = goodRunner(index);
        const requests = of("http_reqs") + (index === 1 ? lost : 0);
        const checks = {
          checksPassed: of("checks"),
          checksFailed: samples.countOf("checks", { instance_id: `${index}` }) - of("checks"),
        };
        const data = { dataSent: of("data_sent"), dataReceived: of("data_received") };
        const totals = {
          ...{
            requests,
            failedRequests: of("http_req_failed"),
            iterations: of("iterations"),
            droppedIterations: of("dropped_iterations"),
          },
          ...{ ...checks, ...data, durationMs: 5000 },
        };
        return { ...runner, startedAt: start.toISOString(), finishedAt: stop.toISOString(), totals };
      });
      const times = { startedAt: start.toISOString(), finishedAt: stop.toISOString(), startSkewMs: 5 };
      const store = { ...runInputs.store, url: influxdb?.url, org: influxdb?.org ?? "", bucket: influxdb?.bucket ?? "" };
      return judge({ ...runInputs, run: testid, store, readToken: token }, { stage: "finished", runners, causes: [], ...times });
    };

    it("is pass where every sample is there", async () => {
      const { result, series } = await judged(0);
      assert.equal(result.verdict, "pass", result.reasons.join("\n"));
      assert.equal(result.thresholds[0]?.ok, true);
      assert.ok(series);
    });

    it("is invalid where one request is missing, with both numbers", async () => {
      const { result } = await judged(1);
      const stored = samples.sum("http_reqs");
      assert.equal(result.verdict, "invalid");
      assert.match(result.reasons[0] ?? "", new RegExp(`count ${stored + 1} requests, the store holds ${stored}: 1 `));
    });

    it("is invalid where the store refuses the token", async () => {
      const { result } = await judged(0, "another-token");
      assert.equal(result.verdict, "invalid");
      assert.match(result.reasons[0] ?? "", /could not be read \(bucket k6\): unauthorized/);
    });
  });
});
