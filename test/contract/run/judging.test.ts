import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { distressOf } from "../../../components/run/abort-run";
import { judge, type Judged } from "../../../components/run/judge";
import type { RunInputs, RunState, ThresholdMap } from "../../../components/run/types";
import { executable } from "../../support/executables";
import { startInfluxDb, type InfluxDbProcess } from "../../support/influxdb";
import { runInputs } from "../../support/results";
import { RunGroup, type Outcome } from "../../support/run-group";
import { startVariedTarget, type Target } from "../../support/target";

// Each of the two runners makes half of the load: 300 requests, of which it thinks that they are too few.
const script = (url: string) => `
import http from "k6/http";
import { check } from "k6";
import { Counter } from "k6/metrics";
const orders = new Counter("orders");
export const options = {
  scenarios: { steady: { executor: "constant-arrival-rate", rate: 100, timeUnit: "1s", duration: "6s", preAllocatedVUs: 40 } },
  thresholds: {
    http_reqs: ["count>400", "count<400"],
    http_req_duration: ["p(95)<10000"],
    "http_req_duration{url:x}": ["p(95)<10000"],
    "http_req_duration{name:never}": ["max>=0"],
    orders: ["rate>0.9"],
  },
};
export default function () {
  const response = http.get("${url}/0/x", { tags: { name: "x" } });
  check(response, { ok: (r) => r.status === 200 });
  if (__ITER === 0) orders.add(1);
}`;

const run = "shop-12345678";

describe("a run of two real runners with thresholds of every kind", function () {
  this.timeout(90_000);
  let folder: string;
  let influxdb: InfluxDbProcess | undefined;
  let target: Target | undefined;
  let outcome: Outcome;
  let state: RunState;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "judging-"));
    [influxdb, target] = await Promise.all([startInfluxDb(executable("influxd"), folder), startVariedTarget()]);
    const output = `influxdb=${influxdb.url.replace("://", `://k6:${influxdb.token}@`)}/${influxdb.bucket}`;
    const group = await RunGroup.start(executable("k6"), { script: script(target.url), runners: 2, args: ["--out", output] });
    outcome = await group.end().finally(() => group.dispose());
    state = stateOf(outcome);
  });
  after(async () => {
    await Promise.all([influxdb?.stop(), target?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const judged = (change: Partial<RunInputs> = {}): Promise<Judged> => {
    const store = { ...runInputs.store, url: influxdb?.url, org: influxdb?.org ?? "", bucket: influxdb?.bucket ?? "" };
    return judge({ ...runInputs, run, store, readToken: influxdb?.token ?? "", thresholds: {}, ...change }, state);
  };
  const resultOf = ({ result }: Judged, metric: string, expression: string) => {
    const found = result.thresholds.find((one) => one.metric === metric && one.expression === expression);
    assert.ok(found, `${metric}: ${expression} was judged`);
    return found;
  };

  it("tells how each runner found the script's thresholds, which fit the 4096 bytes of a termination message", () => {
    assert.deepEqual(outcome.exitCodes, [99, 99]);
    outcome.totals.forEach((totals) => {
      assert.ok(JSON.stringify(totals).length < 4096);
      const missed = totals?.thresholds?.filter(({ ok }) => !ok).map(({ metric, expression }) => `${metric}: ${expression}`);
      assert.deepEqual(missed, ["http_reqs: count>400"]);
    });
  });

  it("judges the script's thresholds over all runners, and tells k6's own finding beside it", async () => {
    const found = await judged();
    const { result } = found;
    const more = resultOf(found, "http_reqs", "count>400");
    assert.deepEqual([more.source, more.actual, more.ok], ["script", result.figures.requests, true]);
    assert.deepEqual(more.runners, { met: [], missed: [0, 1] });
    const fewer = resultOf(found, "http_reqs", "count<400");
    assert.deepEqual([fewer.ok, fewer.runners], [false, { met: [0, 1], missed: [] }]);
    assert.equal(resultOf(found, "http_req_duration{url:x}", "p(95)<10000").onlyRunners, true);
    // k6 knows that this is a counter, so its rate is per second, which the store does not.
    assert.ok((resultOf(found, "orders", "rate>0.9").actual ?? 0) > 0.9);
    assert.ok(!result.thresholds.some(({ expression }) => expression === "max>=0"), "what cannot be missed is not judged");
    assert.equal(result.verdict, "fail", result.reasons.join("\n"));
    assert.match(result.reasons[0], /^the script's threshold http_reqs: count<400 was missed: it is \d+\.$/);
    assert.match(
      result.reasons.join("\n"),
      /2 runners ended with exit code 99, having missed http_reqs: count>400 over the samples of one runner/,
    );
  });

  it("finds every count of every runner in the store", async () => {
    const { accounts = [] } = (await judged()).result;
    assert.equal(accounts.length, 8);
    accounts.forEach((account) => assert.deepEqual(account, { ...account, stored: account.counted, byRunner: [] }));
    const [requests] = accounts;
    assert.ok(requests.counted >= 590, `${requests.counted} requests`);
    const [sent] = accounts.filter(({ metric }) => metric === "data_sent");
    assert.ok(sent.counted > 10_000, "bytes are counted");
  });

  it("judges thresholds in windows, those of counters too", async () => {
    const found = await judged({
      thresholds: {
        http_req_duration: ["p(95)<10000 over 2s", "max<1 over 2s for 50%", "p(95)<10000 over 1m"],
        http_reqs: ["rate>50 over 1s for 80%", "count>50 over 2s"],
        vus: ["value>=0 over 2s"],
      },
    });
    const windows = (metric: string, expression: string) => resultOf(found, metric, expression).windows;
    assert.deepEqual(
      { ...windows("http_req_duration", "p(95)<10000 over 2s"), worst: 0 },
      {
        ...{ seconds: 2, needed: 1, met: 3, of: 3, empty: 0, worst: 0 },
      },
    );
    const slow = resultOf(found, "http_req_duration", "max<1 over 2s for 50%");
    assert.deepEqual([slow.ok, slow.actual], [false, 0]);
    assert.equal(resultOf(found, "http_reqs", "rate>50 over 1s for 80%").ok, true);
    assert.equal(resultOf(found, "http_reqs", "count>50 over 2s").ok, true);
    assert.equal(resultOf(found, "vus", "value>=0 over 2s").windows?.of, 3);
    assert.equal(found.result.verdict, "invalid");
    assert.match(
      found.result.reasons.join("\n"),
      /p\(95\)<10000 over 1m had nothing to evaluate: the load did not last as long as one window of 60 s/,
    );
  });

  it("judges what a query gives, and says why where it gives nothing", async () => {
    const from =
      "from(bucket: run.bucket) |> range(start: run.start, stop: run.stop) |> filter(fn: (r) => r.testid == run.testid";
    const count = `${from} and r._measurement == "http_reqs" and r._field == "value") |> group() |> sum()`;
    const found = await judged({
      queries: {
        "all-requests": { flux: `import "math"\n${count}`, threshold: "value>500" },
        few: { flux: count, threshold: "value<10" },
        rows: { flux: count.replace("|> group() |> sum()", "|> limit(n: 2)"), threshold: "value<10" },
        nothing: { flux: count.replace("http_reqs", "nothing"), threshold: "value<10" },
        broken: { flux: "from(bucket: run.bucket) |> nonsense()", threshold: "value<10" },
        elsewhere: { flux: `from(bucket: "elsewhere") |> range(start: -1h)`, threshold: "value<10" },
      },
    });
    const all = resultOf(found, "all-requests", "value>500");
    assert.deepEqual([all.actual, all.ok, all.source], [found.result.figures.requests, true, "query"]);
    assert.equal(resultOf(found, "few", "value<10").ok, false);
    const problems = ["rows", "nothing", "broken", "elsewhere"].map((name) => resultOf(found, name, "value<10").problem ?? "");
    assert.match(problems[0], /gives \d+ rows\. Reduce them to one/);
    assert.match(problems[1], /gives no row with a number/);
    assert.match(problems[2], /refused its Flux \(HTTP 400\).*nonsense/);
    assert.match(problems[3], /refused its Flux \(HTTP 404\).*elsewhere/);
    assert.equal(found.result.verdict, "invalid");
  });

  it("would have been stopped by a rule that its windows miss, and not by one that they meet", async () => {
    const store = { ...runInputs.store, url: influxdb?.url, org: influxdb?.org ?? "", bucket: influxdb?.bucket ?? "" };
    const watched = (thresholds: ThresholdMap, signal: AbortSignal) =>
      distressOf(
        { ...runInputs, run, store, readToken: influxdb?.token ?? "", abortWhen: { thresholds, windowSeconds: 1, windows: 3 } },
        new Date(state.startedAt ?? ""),
        signal,
      );
    const signal = AbortSignal.timeout(3000);
    const [missed, met] = await Promise.all([
      watched({ http_req_failed: ["rate<0.5"], http_req_duration: ["p(95)<1"] }, signal),
      watched({ http_req_failed: ["rate<0.5"], http_reqs: ["rate>20"] }, signal),
    ]);
    assert.match(missed ?? "", /^http_req_duration: p\(95\)<1 was missed in 3 windows of 1 s in a row \([\d., ]+\)$/);
    assert.equal(met, undefined);
  });

  it("is invalid where checks of one runner were lost, and says whose", async () => {
    const { url = "", org = "", bucket = "", token = "" } = influxdb ?? {};
    const body = {
      start: "2020-01-01T00:00:00Z",
      stop: "2100-01-01T00:00:00Z",
      predicate: '_measurement="checks" AND instance_id="1"',
    };
    const answer = await fetch(`${url}/api/v2/delete?org=${org}&bucket=${bucket}`, {
      method: "POST",
      headers: { Authorization: `Token ${token}` },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 204);
    const { result } = await judged();
    const lost = (outcome.totals[1]?.checksPassed ?? 0) + (outcome.totals[1]?.checksFailed ?? 0);
    assert.equal(result.verdict, "invalid");
    assert.match(result.reasons[0], new RegExp(`checks, the store holds \\d+: ${lost} .* are missing, ${lost} of runner 1;`));
  });
});

describe("a runner with more thresholds than its termination message holds", function () {
  this.timeout(60_000);

  it("tells the missed ones first, how many it left out, and which end it early", async () => {
    const many = Array.from({ length: 80 }, (_, i) => `"http_req_duration{name:a-rather-long-name-${i}}": ["p(95)<${i}"]`);
    const text = `
      export const options = {
        iterations: 1,
        thresholds: {
          iterations: [{ threshold: "count>5", abortOnFail: true, delayAbortEval: "1m" }],
          "http_req_duration{ name : x }": [{ threshold: "p(95) < 0", abortOnFail: true, delayAbortEval: "1m" }],
          ${many.join(", ")},
        },
      };
      export default function () {}`;
    const group = await RunGroup.start(executable("k6"), { script: text, runners: 1 });
    const { exitCodes, totals } = await group.end().finally(() => group.dispose());
    const [{ thresholds = [], thresholdsLeftOut = 0 } = { thresholds: [] }] = totals;
    assert.deepEqual(exitCodes, [99]);
    assert.ok(JSON.stringify(totals[0]).length < 4096);
    // Of nothing k6 makes 0, so only the two that want less are missed besides.
    assert.deepEqual(
      thresholds.filter(({ ok }) => !ok).map(({ expression }) => expression),
      thresholds.slice(0, 3).map(({ expression }) => expression),
    );
    assert.deepEqual(
      thresholds.find(({ metric }) => metric === "iterations"),
      {
        ...{ metric: "iterations", expression: "count>5", ok: false, type: "counter", aborts: true },
      },
    );
    assert.deepEqual(
      // k6 hands over metrics in no order.
      thresholds.flatMap(({ aborts, metric }) => (aborts ? [metric] : [])).sort(),
      ["http_req_duration{name : x}", "iterations"],
    );
    assert.equal(thresholds.length + thresholdsLeftOut, 82);
    assert.ok(thresholdsLeftOut > 0);
  });
});

/** The run as an engine would report it. */
function stateOf({ exitCodes, totals, barrier }: Outcome): RunState {
  const started = barrier.find((line) => line["pulumi-k6"] === "started");
  assert.ok(started?.["pulumi-k6"] === "started", "the run was started");
  const startedAt = new Date(started.at).toISOString();
  const finishedAt = new Date(started.at + 7000).toISOString();
  const runners = totals.map((own, index) => ({
    ...{ index, pod: `shop-${index}`, state: exitCodes[index] === 0 ? ("succeeded" as const) : ("failed" as const) },
    ...{ exitCode: exitCodes[index], startedAt, finishedAt, totals: own },
  }));
  return { stage: "finished", runners, causes: [], startedAt, finishedAt, startSkewMs: started.skewMs };
}
