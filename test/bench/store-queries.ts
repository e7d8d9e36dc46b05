/**
 * How long the judge and the Run dashboard ask a store that holds a large run in raw samples, and how much memory that takes it:
 *
 *     node -r ts-node/register test/bench/store-queries.ts [points=5000000] [rounds=3]
 *
 * `influxd` is the lab's, or the one of `INFLUXD_PATH`, with what is in the environment, e.g. `GOMEMLIMIT`.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { InfluxDB } from "@influxdata/influxdb-client";
import { fluxOf, panelsOf } from "../../components/grafana/dashboards/model";
import { runDashboard } from "../../components/grafana/dashboards/run";
import { readRun, type Reading } from "../../components/run/judge-store";
import { readThresholds } from "../../components/run/judge-thresholds";
import { Store } from "../../components/run/store";
import { readAccounts } from "../../components/run/store-accounting";
import { readGateway } from "../../components/run/store-gateway";
import type { Scope } from "../../components/run/store-query";
import { readSeries } from "../../components/run/store-series";
import { readComparedWindows } from "../../components/run/store-windows";
import { labEnvironment } from "../../lab/env";
import { executable } from "../support/executables";
import { asGrafanaSends } from "../support/grafana-flux";
import { startInfluxDb, type InfluxDbProcess } from "../support/influxdb";
import { median } from "./figures";
import { storeRun, type StoredRun } from "./store-samples";

const seconds = 600;
const runners = 3;

const thresholds = {
  http_req_duration: ["p(95)<500", "p(99)<900", "max<5000", "p(95)<500 over 30s for 90%"],
  "http_req_duration{name:login}": ["p(95)<500"],
  http_req_failed: ["rate<0.01"],
  http_reqs: ["count>1000", "rate>10/s over 10s"],
  checks: ["rate>0.9"],
};

async function main(points = "5000000", rounds = "3"): Promise<void> {
  Object.assign(process.env, labEnvironment());
  const folder = await mkdtemp(path.join(tmpdir(), "bench-store-"));
  const influxdb = await startInfluxDb(executable("influxd"), folder);
  try {
    const begun = Date.now();
    const run = await storeRun((lines) => write(influxdb, lines), { points: Number(points), seconds, runners });
    console.log(
      `${run.points} points of ${runners} runners and ${seconds} s written in ${((Date.now() - begun) / 1000).toFixed(0)} s`,
    );
    const rows: Record<string, string | number>[] = [];
    for (const [what, ask] of Object.entries(questions(influxdb, run))) {
      rows.push({ what, ...(await measured(influxdb, ask, Number(rounds))) });
      console.log(JSON.stringify(rows.at(-1)));
    }
    console.log(`Milliseconds, median and longest of ${rounds}; memory: most that influxd had while it answered, MiB.`);
    console.table(rows);
  } finally {
    await influxdb.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the judge asks, part by part and all at once as it does, and what each panel asks. */
function questions(influxdb: InfluxDbProcess, run: StoredRun): Record<string, () => Promise<unknown>> {
  const { testid, start, stop } = run;
  const { url, org, token, bucket } = influxdb;
  const scope: Scope = { bucket, testid, start: new Date(start.getTime() - 5_000), stop: new Date(stop.getTime() + 60_000) };
  const load = { start, stop };
  const store = new Store({ url, org, token }, scope, seconds);
  const sum = (what: "requests" | "iterations") => run.runners.reduce((all, { totals }) => all + (totals?.[what] ?? 0), 0);
  const expected = { requests: sum("requests"), iterations: sum("iterations") };
  const reading: Reading = { scope, load, durationSeconds: seconds, expected, thresholds, runners: run.runners };
  const api = new InfluxDB({ url, token, timeout: 300_000 }).getQueryApi(org);
  // As Grafana asks at once for what is shown at first: the run and half a minute on either side.
  const reader = {
    bucket,
    org,
    from: new Date(start.getTime() - 30_000),
    to: new Date(stop.getTime() + 30_000),
    windowPeriod: "5s",
  };
  const variables = { testid, baseline: testid, durationLimit: "", failedLimit: "" };
  const panels = panelsOf(runDashboard)
    .filter((panel) => fluxOf(panel).length > 0)
    .map((panel): [string, () => Promise<unknown>] => [
      `panel "${panel.title}"`,
      () => Promise.all(fluxOf(panel).map((flux) => api.collectRows(asGrafanaSends(flux, { ...reader, variables })))),
    ]);
  return {
    counts: () => store.counts(),
    "figures (p50, p95, p99, ...)": () => store.figures(),
    "accounts of each runner": () => readAccounts(store, run.runners),
    thresholds: () => readThresholds(store, scope, load, reading),
    "series of the charts": () => readSeries(store, scope, load),
    "windows to compare by": () => readComparedWindows(store, scope, load, undefined),
    "the gateway's counters": () => readGateway(store, scope),
    "the judge, all of it": async () => settled(await readRun({ url, org, token }, reading)),
    ...Object.fromEntries(panels),
    "the dashboard, all panels at once": () => Promise.all(panels.map(([, ask]) => ask())),
  };
}

/** A judge that waited for samples would be measured with its waiting. */
function settled({ accounts = [], series, windows }: Awaited<ReturnType<typeof readRun>>): void {
  const off = accounts.filter(({ counted, stored }) => counted !== stored);
  if (accounts.length === 0 || off.length > 0 || series === undefined || windows === undefined) {
    throw new Error(`not all was read: ${JSON.stringify({ off, series: series !== undefined, windows: windows !== undefined })}`);
  }
}

async function measured(influxdb: InfluxDbProcess, ask: () => Promise<unknown>, rounds: number) {
  const times: number[] = [];
  let mostMi = 0;
  for (let round = 0; round < rounds; round++) {
    const look = async () => (mostMi = Math.max(mostMi, await residentMi(influxdb.pid)));
    const looking = setInterval(() => void look(), 50);
    const begun = performance.now();
    await ask().finally(() => clearInterval(looking));
    times.push(performance.now() - begun);
    await look();
  }
  return { median: Math.round(median(times)), longest: Math.round(Math.max(...times)), memoryMi: Math.round(mostMi) };
}

/** Without the files that it maps, which the kernel takes back. */
async function residentMi(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

async function write({ url, bucket, token }: InfluxDbProcess, body: string): Promise<void> {
  const headers = { authorization: `Token ${token}` };
  const answer = await fetch(`${url}/write?db=${bucket}&precision=ns`, { method: "POST", headers, body });
  if (answer.status !== 204) {
    throw new Error(`the store answers ${answer.status} to samples: ${await answer.text()}`);
  }
}

void main(...process.argv.slice(2));
