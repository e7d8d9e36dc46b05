import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InfluxDB } from "@influxdata/influxdb-client";
import { dashboards } from "../../../components/grafana/dashboards/dashboards";
import { fluxOf, panelsOf, type Dashboard, type Panel } from "../../../components/grafana/dashboards/model";
import { dashboardUids, type DashboardName } from "../../../components/grafana/dashboards/uids";
import { shownTime } from "../../../components/grafana/links";
import { percentileErrorBound } from "../../../components/metrics/gateway/buckets";
import { executable } from "../../support/executables";
import { startGateway, write, type GatewayProcess } from "../../support/gateway";
import { asGrafanaSends } from "../../support/grafana-flux";
import { startInfluxDb, type InfluxDbProcess } from "../../support/influxdb";
import { runThroughGateway } from "../../support/k6-gateway";
import { JsonSamples } from "../../support/k6-json";
import { runRunners } from "../../support/k6-runners";
import { startVariedTarget, type Target } from "../../support/target";

const runners = 3;
const vus = 30;
const seconds = 12;

// A second scenario asks for more than its few VUs can do, so that iterations are dropped.
const script = `
import http from "k6/http";
import { check, sleep } from "k6";
export const options = { scenarios: {
  steady: { executor: "constant-vus", vus: ${vus - 3}, duration: "${seconds}s", gracefulStop: "1s" },
  busy: { executor: "constant-arrival-rate", exec: "busy", rate: 30, timeUnit: "1s", duration: "${seconds}s", preAllocatedVUs: 3, maxVUs: 3 },
} };
export default function () {
  const name = __ITER % 3 === 0 ? "login" : "browse";
  const response = http.get(__ENV.TARGET + "/" + name, { tags: { name } });
  check(response, { "is 200": (r) => r.status === 200, "is quick": (r) => r.timings.duration < 20 });
  sleep(0.2);
}
export function busy() {
  check(http.get(__ENV.TARGET + "/cart", { tags: { name: "cart" } }), { "is 200": (r) => r.status === 200 });
  sleep(0.2);
}`;

type Row = Record<string, string | number | null>;

/** A run of three real k6 processes, as it is stored and as k6 itself saw it. */
interface Run {
  testid: string;
  samples: JsonSamples;
  from: Date;
  to: Date;
  seconds: number;
  /** By how much a percentile may be off, as a share. */
  percentileError: number;
}

const runNames = { raw: "shop-aaaaaaaa", aggregated: "shop-bbbbbbbb" } as const;
type Mode = keyof typeof runNames;

describe("every panel's Flux, as Grafana sends it, on real runs of three runners", function () {
  this.timeout(180_000);
  let folder: string;
  let influxdb: InfluxDbProcess;
  let target: Target | undefined;
  let gateway: GatewayProcess | undefined;
  const runs = {} as Record<Mode, Run>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "dashboards-"));
    [influxdb, target] = await Promise.all([startInfluxDb(executable("influxd"), folder), startVariedTarget()]);
    gateway = await startGateway(executable("telegraf"), folder, influxdb, { mode: "aggregated", limits: { urls: 0 } });
    const common = { folder, script, runners };
    const rawBegan = new Date();
    const raw = await runRunners(executable("k6"), { ...common, testid: runNames.raw, target: target.url, influxdb });
    runs.raw = await runOf("raw", raw, rawBegan);
    const began = new Date();
    const { url } = target;
    const added = await runThroughGateway(executable("k6"), {
      ...common,
      testid: runNames.aggregated,
      gateway,
      env: { TARGET: `${url}/0` },
    });
    await write(
      gateway,
      `http_reqs,testid=${runNames.aggregated},name=http://held.back/,scenario=none value=0 ${Date.now()}000000`,
    );
    runs.aggregated = await runOf(
      "aggregated",
      added.map(({ json }) => json),
      began,
    );
    await untilStored(runs.aggregated);
  });

  after(async () => {
    await Promise.all([gateway?.stop(), target?.stop()]);
    await influxdb.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function runOf(mode: Mode, files: string[], start: Date): Promise<Run> {
    const { from, to } = shownTime({ start, stop: new Date() });
    return {
      testid: runNames[mode],
      samples: await JsonSamples.read(files),
      ...{ from: new Date(from), to: new Date(to), seconds },
      percentileError: mode === "raw" ? 1e-9 : percentileErrorBound,
    };
  }

  /** The gateway writes its last sums with the end of their five seconds. */
  async function untilStored(run: Run): Promise<void> {
    const deadline = Date.now() + 20_000;
    while ((await number("run", 2, run)) !== run.samples.sum("http_reqs")) {
      assert.ok(Date.now() < deadline, "all requests come to the store");
      await sleep(250);
    }
    await sleep(6_000);
  }

  function ask(flux: string, run: Run, variables: Record<string, string | string[]> = {}): Promise<Row[]> {
    const { url, org, bucket, token } = influxdb;
    const sent = asGrafanaSends(flux, {
      ...{ bucket, org, from: run.from, to: run.to, windowPeriod: "5s" },
      variables: { testid: run.testid, baseline: runNames.raw, durationLimit: "", failedLimit: "", ...variables },
    });
    return new InfluxDB({ url, token }).getQueryApi(org).collectRows<Row>(sent);
  }

  const panelOf = (name: DashboardName, id: number): Panel => {
    const dashboard = dashboards().find(({ uid }) => uid === dashboardUids[name]) as Dashboard;
    const panel = panelsOf(dashboard).find((one) => one.id === id);
    assert.ok(panel, `panel ${id} of ${name}`);
    return panel;
  };
  const rowsOf = async (name: DashboardName, id: number, run: Run, variables = {}, query = 0) =>
    ask(fluxOf(panelOf(name, id))[query] ?? "", run, variables);
  const number = async (name: DashboardName, id: number, run: Run, variables = {}) => {
    const rows = await rowsOf(name, id, run, variables);
    assert.ok(rows.length <= 1, `one number, not ${rows.length}`);
    return rows[0]?._value;
  };
  const near = (value: unknown, truth: number, share: number, what: string) =>
    assert.ok(
      Math.abs(Number(value) - truth) <= Math.abs(truth) * share + 1e-9,
      `${what}: ${String(value)} is not ${truth} within ${share}`,
    );
  const series = (rows: Row[], label: string, name: string) =>
    rows.filter((row) => row[label] === name).map((row) => row._value as number | null);
  const total = (values: (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

  for (const { uid, title } of dashboards()) {
    const dashboard = dashboards().find((one) => one.uid === uid) as Dashboard;
    for (const panel of panelsOf(dashboard)) {
      fluxOf(panel).forEach((flux, i) => {
        it(`${title}: ${panel.title} (query ${i}) is taken by the store in both modes, and shows what the panel names`, async () => {
          for (const run of Object.values(runs)) {
            const rows = await ask(flux, run);
            if (panel.kind === "time") {
              rows.forEach((row) => assert.ok(panel.labelledBy in row && "_time" in row && "_value" in row, JSON.stringify(row)));
            } else if (panel.kind === "table") {
              const known = new Set(panel.columns.map(({ field }) => field));
              rows.forEach((row) => {
                const strange = Object.keys(row).filter((key) => !known.has(key) && key !== "result" && key !== "table");
                assert.deepEqual(strange, [], "no column that the panel does not know");
              });
            }
          }
        });
      });
    }
    it(`${title}: its variables offer what is stored`, async () => {
      for (const variable of dashboard.variables) {
        if (variable.kind === "query") {
          const values = (await ask(variable.query.flux, runs.raw)).map(({ _value }) => _value);
          const wanted = { testid: runNames.raw, baseline: runNames.aggregated, scenario: "busy", name: "login" }[variable.name];
          assert.ok(values.includes(wanted ?? ""), `${variable.name}: ${values.join(", ")}`);
        }
      }
    });
  }

  for (const mode of ["raw", "aggregated"] as const) {
    describe(`of a run in mode ${mode}`, () => {
      let run: Run;
      let samples: JsonSamples;
      before(() => {
        run = runs[mode];
        ({ samples } = run);
      });

      it("counts exactly as k6: requests, dropped iterations, bytes", async () => {
        assert.ok(samples.sum("dropped_iterations") > 0, "some are dropped");
        assert.equal(await number("run", 2, run), samples.sum("http_reqs"));
        assert.equal(await number("run", 7, run), samples.sum("dropped_iterations"));
        assert.equal(await number("run", 9, run), samples.sum("data_received"));
        assert.equal(await number("generators", 2, run), samples.sum("dropped_iterations"));
      });

      it("gives shares as k6: failed requests and passed checks", async () => {
        assert.ok(samples.sum("http_req_failed") > 0, "some fail");
        near(await number("run", 4, run), samples.mean("http_req_failed"), 1e-9, "failed");
        near(await number("run", 6, run), samples.mean("checks"), 1e-9, "checks");
      });

      it("gives pooled percentiles", async () => {
        near(await number("run", 5, run), samples.percentile("http_req_duration", 95), run.percentileError, "p95");
        // Nearer to 0 than 0.01 ms everything is one bucket.
        const blocked = samples.percentile("http_req_blocked", 95);
        near(await number("generators", 3, run), blocked, run.percentileError + 0.01 / blocked, "p95 blocked");
      });

      it("narrows everything by scenario and name", async () => {
        const cart = { scenario: ["busy"], name: ["cart"] };
        assert.equal(await number("run", 2, run, cart), samples.sum("http_reqs", { name: "cart" }));
        near(
          await number("run", 5, run, cart),
          samples.percentile("http_req_duration", 95, { name: "cart" }),
          run.percentileError,
          "p95",
        );
        const two = { name: ["login", "browse"] };
        const both = samples.sum("http_reqs", { name: "login" }) + samples.sum("http_reqs", { name: "browse" });
        assert.equal(await number("run", 2, run, two), both);
      });

      it("finds the peaks of requests and VUs", async () => {
        const peak = Number(await number("run", 3, run));
        const mean = samples.sum("http_reqs") / run.seconds;
        assert.ok(peak > mean * 0.9 && peak < mean * 1.3, `peak ${peak}, mean ${mean}`);
        const most = await number("run", 8, run);
        const truth = Math.max(...samples.addedUpPerSecond("vus"));
        // Of added-up samples the mean of five seconds is known.
        assert.ok(Math.abs(Number(most) - truth) <= truth * (mode === "raw" ? 0.1 : 0.25), `${most} VUs, k6 says ${truth}`);
      });

      it("draws rates whose sum is the total: requests, failed ones, iterations, dropped ones, bytes", async () => {
        for (const [id, query, name, metric] of [
          [10, 0, "all", "http_reqs"],
          [10, 1, "failed", "http_req_failed"],
          [14, 0, "completed", "iterations"],
          [14, 1, "dropped", "dropped_iterations"],
          [15, 0, "received", "data_received"],
          [15, 1, "sent", "data_sent"],
        ] as const) {
          const drawn = total(series(await rowsOf("run", id, run, {}, query), "series", name)) * 5;
          near(drawn, samples.sum(metric), 1e-9, `${metric} drawn`);
        }
      });

      it("draws percentiles in order, within k6's own extremes, and none where nothing was measured", async () => {
        const rows = await rowsOf("run", 11, run);
        const [p50, p95, p99] = ["p50", "p95", "p99"].map((name) =>
          series(rows, "series", name).filter((value) => value !== null),
        );
        assert.ok((p50?.length ?? 0) >= 2, `${p50?.length} windows`);
        p50?.forEach((value, i) => assert.ok(value <= (p95?.[i] ?? 0) && (p95?.[i] ?? 0) <= (p99?.[i] ?? 0), `window ${i}`));
        const max = samples.percentile("http_req_duration", 100);
        assert.ok([...(p99 ?? [])].every((value) => value > 0 && value <= max * (1 + percentileErrorBound)));
        const truth = samples.percentile("http_req_duration", 50);
        assert.ok(
          p50?.some((value) => Math.abs(value - truth) < truth * 0.5),
          `p50 ${truth}: ${p50?.join(", ")}`,
        );
      });

      it("draws the share of failed requests in percent", async () => {
        const drawn = series(await rowsOf("run", 13, run), "series", "failed").filter((value) => value !== null);
        const truth = samples.mean("http_req_failed") * 100;
        assert.ok(
          drawn.length >= 2 && Math.min(...drawn) <= truth && truth <= Math.max(...drawn),
          `${truth}: ${drawn.join(", ")}`,
        );
      });

      it("draws VUs of all runners together", async () => {
        const active = series(await rowsOf("run", 12, run), "series", "active");
        const allocated = series(await rowsOf("run", 12, run, {}, 1), "series", "allocated");
        near(Math.max(...allocated.map(Number)), vus, mode === "raw" ? 0 : 0.25, "allocated");
        // Five seconds hold five samples of a runner, and now and then six.
        assert.ok(Math.max(...active.map(Number)) <= vus * (mode === "raw" ? 1 : 1.25), active.join(", "));
      });

      it("lists checks, endpoints and errors with k6's numbers", async () => {
        const checks = await rowsOf("run", 16, run);
        for (const check of ["is 200", "is quick"]) {
          const row = checks.find((one) => one.check === check);
          assert.equal(row?.passed, samples.sum("checks", { check }), check);
          assert.equal(row?.failed, samples.countOf("checks", { check }) - samples.sum("checks", { check }), check);
        }
        const endpoints = await rowsOf("run", 18, run);
        for (const name of ["login", "browse", "cart"]) {
          const row = endpoints.find((one) => one.name === name);
          assert.equal(row?.requests, samples.sum("http_reqs", { name }), name);
          near(row?.failed, samples.mean("http_req_failed", { name }), 1e-9, `${name} failed`);
          for (const percent of [50, 95, 99]) {
            const truth = samples.percentile("http_req_duration", percent, { name });
            near(row?.[`p${percent}`], truth, run.percentileError, `${name} p${percent}`);
          }
        }
        const errors = await rowsOf("run", 19, run);
        assert.equal(total(errors.map(({ count }) => Number(count))), samples.sum("http_req_failed"));
        assert.ok(
          errors.every(({ error_code }) => error_code === "1500"),
          JSON.stringify(errors),
        );
        const byCode = series(await rowsOf("run", 17, run), "error_code", "1500");
        near(total(byCode) * 5, samples.sum("http_req_failed"), 1e-9, "errors drawn");
      });

      it("draws a limit where a link gives one, and none otherwise", async () => {
        assert.deepEqual(await rowsOf("run", 11, run, {}, 1), []);
        const line = series(await rowsOf("run", 11, run, { durationLimit: "500" }, 1), "series", "limit");
        assert.deepEqual(line, [500, 500]);
      });

      it("is in the fleet, with a link's time around it", async () => {
        const row = (await rowsOf("fleet", 1, run)).find(({ testid }) => testid === run.testid);
        assert.equal(row?.requests, samples.sum("http_reqs"));
        near(row?.p95, samples.percentile("http_req_duration", 95), run.percentileError, "p95");
        assert.ok(Number(row?.from) < Number(row?.began) && Number(row?.to) > Number(row?.ended), JSON.stringify(row));
        const first = Math.min(...samples.times("http_reqs"));
        // Of what was added up, only its five seconds are known: their middle is told. What comes as they end may be counted to the next, and
        // the gateway tells them when its clock ticks, some milliseconds late.
        const told = mode === "raw" ? first : Math.floor(first / 5000) * 5000 + 2500;
        const [early, late] = mode === "raw" ? [1, 1] : [500, 5500];
        const off = Number(row?.began) - told;
        assert.ok(-early <= off && off <= late, `began ${row?.began}, the first request ended ${first}`);
        const trend = await rowsOf("fleet", 5, run);
        assert.ok(series(trend, "test", "shop").includes(samples.sum("http_reqs")), JSON.stringify(trend));
      });

      it("is compared: the same run with itself has no change, and k6's figures", async () => {
        const rows = await rowsOf("compare", 1, run, { baseline: run.testid });
        const of = (figure: string) => rows.find((row) => row.figure === figure);
        assert.deepEqual(
          rows.map(({ change }) => change),
          rows.map(() => 0),
        );
        assert.equal(of("Requests")?.run, samples.sum("http_reqs"));
        assert.equal(of("Iterations")?.baseline, samples.sum("iterations"));
        assert.equal(of("Checks made")?.run, samples.countOf("checks"));
        near(of("Mean response time, ms")?.run, samples.mean("http_req_duration"), 1e-9, "mean");
        near(of("Slowest request, ms")?.run, samples.percentile("http_req_duration", 100), 1e-9, "max");
        for (const percent of [50, 95, 99]) {
          const truth = samples.percentile("http_req_duration", percent);
          near(of(`p${percent}, ms`)?.run, truth, run.percentileError, `p${percent}`);
        }
      });
    });
  }

  it("tells runners apart where samples are raw: requests, p95, VUs, their start", async () => {
    const { samples } = runs.raw;
    const rows = await rowsOf("generators", 9, runs.raw);
    assert.deepEqual(
      rows.map(({ instance_id }) => instance_id),
      ["0", "1", "2"],
    );
    for (const row of rows) {
      const own = { instance_id: String(row.instance_id) };
      assert.equal(row.requests, samples.sum("http_reqs", own));
      near(row.p95, samples.percentile("http_req_duration", 95, own), 1e-9, "p95");
      assert.equal(row.dropped, samples.sum("dropped_iterations", own));
      assert.ok(Number(row.start) >= 0 && Number(row.end) > Number(row.start));
    }
    const skew = Number(await number("generators", 1, runs.raw));
    near(skew, Math.max(...rows.map(({ start }) => Number(start))), 0.01, "skew");
    const drawn = await rowsOf("generators", 5, runs.raw);
    for (const instance_id of ["0", "1", "2"]) {
      near(total(series(drawn, "instance_id", instance_id)) * 5, samples.sum("http_reqs", { instance_id }), 1e-9, instance_id);
    }
  });

  it("shows all runners together where they are not told apart, and says so in place of a table", async () => {
    const { samples } = runs.aggregated;
    const drawn = series(await rowsOf("generators", 5, runs.aggregated), "instance_id", "all runners");
    near(total(drawn) * 5, samples.sum("http_reqs"), 1e-9, "requests");
    assert.ok(series(await rowsOf("generators", 6, runs.aggregated), "instance_id", "all runners").length >= 2);
    assert.deepEqual(await rowsOf("generators", 9, runs.aggregated), []);
    const panel = panelOf("generators", 9);
    assert.match(panel.kind === "table" ? panel.empty : "", /not told apart/);
  });

  it("compares two runs, drawn from the same edge, also where a run is not there", async () => {
    const { raw, aggregated } = runs;
    const rows = await rowsOf("compare", 2, aggregated);
    for (const [name, { samples }] of [
      ["baseline", raw],
      ["run", aggregated],
    ] as const) {
      near(total(series(rows, "series", name)) * 5, samples.sum("http_reqs"), 1e-9, name);
    }
    const firstAt = (name: string) => rows.filter((row) => row.series === name && Number(row._value) > 0)[0]?._time;
    assert.equal(firstAt("baseline"), firstAt("run"));
    assert.equal(Date.parse(String(firstAt("run"))), aggregated.from.getTime());
    const alone = await rowsOf("compare", 1, raw, { baseline: "nobody-00000000" });
    assert.equal(alone.find(({ figure }) => figure === "Requests")?.run, raw.samples.sum("http_reqs"));
  });

  it("compares what a gateway added up in even windows, whatever the jitter of its seconds and wherever the shown time begins", async () => {
    const testid = "shop-cccccccc";
    const { url, org, bucket, token } = influxdb;
    const writes = new InfluxDB({ url, token }).getWriteApi(org, bucket, "ms");
    const first = Math.floor(Date.now() / 5000) * 5000 - 3_600_000;
    [55, 1, 9, 2].forEach((jitter, i) => {
      const at = first + i * 5000 + jitter;
      writes.writeRecords([
        `http_reqs,testid=${testid},scenario=steady,name=login value_sum=100 ${at}`,
        `vus,testid=${testid} value_sum=50 ${at}`,
      ]);
    });
    await writes.close();
    for (const begins of [0, 2_400, 2_600, 4_999]) {
      const from = new Date(runs.raw.from.getTime() + begins);
      const to = new Date(from.getTime() + 60_000);
      const drawn = async (id: number) =>
        series(await rowsOf("compare", id, { ...runs.raw, testid, from, to }), "series", "run").filter((value) => value !== 0);
      assert.deepEqual(await drawn(2), [20, 20, 20, 20], `requests, ${begins} ms after an edge`);
      assert.deepEqual(await drawn(7), [10, 10, 10, 10], `VUs, ${begins} ms after an edge`);
    }
  });

  it("shows the gateway: what it took and lost, what waits, what it held back, and what the store holds", async () => {
    const { aggregated } = runs;
    assert.equal(await number("platform", 1, aggregated), 0);
    assert.ok(Number(await number("platform", 2, aggregated)) > 10, "series");
    assert.ok(Math.max(...series(await rowsOf("platform", 3, aggregated), "series", "taken").map(Number)) > 0, "taken");
    assert.ok(
      (await rowsOf("platform", 4, aggregated)).every(({ relay }) => relay === "a"),
      "by replica",
    );
    const [held] = await rowsOf("platform", 5, aggregated);
    assert.deepEqual([held?.testid, held?.tag, held?.reason], [runNames.aggregated, "name", "urls"]);
    const points = await rowsOf("platform", 6, { ...aggregated, from: runs.raw.from });
    assert.equal(points.find(({ testid }) => testid === runNames.raw)?.points, runs.raw.samples.count);
  });

  it("fails this test where a query is broken", async () => {
    const flux = fluxOf(panelOf("run", 2))[0] ?? "";
    await assert.rejects(ask(flux.replace("|> sum()", "|> summ()"), runs.raw), /undefined identifier summ/);
  });
});
