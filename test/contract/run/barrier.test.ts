import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { notStartedCauses, type BarrierLine } from "../../../components/run/barrier-line";
import { executable } from "../../support/executables";
import { RunGroup, type GroupOptions, type Outcome } from "../../support/run-group";
import { startVariedTarget, type Target } from "../../support/target";

describe("runners under harness and barrier", function () {
  this.timeout(60_000);
  let k6: string;
  let target: Target;
  let group: RunGroup | undefined;

  before(async () => {
    k6 = executable("k6");
    target = await startVariedTarget();
  });
  after(() => target?.stop());
  afterEach(() => group?.dispose());

  async function run(options: GroupOptions, meanwhile?: (group: RunGroup) => Promise<void>): Promise<Outcome> {
    group = await RunGroup.start(k6, { ...options, args: ["-e", `TARGET=${target.url}`, ...(options.args ?? [])] });
    await meanwhile?.(group);
    return group.end();
  }

  const shop = `
    import http from 'k6/http';
    import exec from 'k6/execution';
    import { check } from 'k6';
    export const options = { scenarios: {
      browse: { executor: 'constant-vus', vus: 5, duration: '2s', exec: 'browse', gracefulStop: '2s' },
      order: { executor: 'shared-iterations', vus: 4, iterations: 20, exec: 'order' },
    } };
    export function setup() {
      console.log('setup ran');
      http.get(__ENV.TARGET + '/setup');
      return { token: 'T1', big: 9007199254740991, nested: [null, 'ä'] };
    }
    export function browse(data) {
      const answer = http.get(__ENV.TARGET + '/browse');
      check(answer, { 'setup data came': () => data.token === 'T1' && data.nested[1] === 'ä' && data.big === 9007199254740991 });
      if (__ITER === 0) console.log('vu=' + exec.vu.idInTest);
    }
    export function order() { console.log('order=' + exec.scenario.iterationInTest); }
    export function teardown(data) { console.log('teardown ran ' + data.token); }`;

  describe("a run of three", () => {
    let outcome: Outcome;
    before(async () => {
      outcome = await run({ script: shop, runners: 3 });
    });
    const found = (pattern: RegExp) => outcome.logs.flatMap((log) => [...log.matchAll(pattern)].map((match) => match[1]));

    it("ends well on every runner", () => assert.deepEqual(outcome.exitCodes, [0, 0, 0], outcome.logs.join("\n")));

    it("starts together", () => {
      const [setup, started] = outcome.barrier;
      assert.equal(setup["pulumi-k6"], "setup");
      assert.equal(started["pulumi-k6"], "started");
      assert.ok("skewMs" in started && started.skewMs < 500, JSON.stringify(started));
      assert.equal(outcome.barrier.length, 2);
    });

    it("runs setup and teardown once, in runner 0", () => {
      assert.deepEqual(
        outcome.logs.map((log) => [log.includes("setup ran"), log.includes("teardown ran T1")]),
        [
          [true, true],
          [false, false],
          [false, false],
        ],
      );
    });

    it("gives the result of setup to every runner", () => {
      outcome.totals.forEach((totals) => {
        assert.ok((totals?.checksPassed ?? 0) > 0);
        assert.equal(totals?.checksFailed, 0);
      });
    });

    it("splits VUs and iterations without loss or overlap", () => {
      const vus = found(/vu=(\d+)/g);
      assert.equal(vus.length, 5);
      assert.equal(new Set(vus).size, 5);
      const orders = found(/order=(\d+)/g).map(Number);
      assert.deepEqual(
        orders.sort((a, b) => a - b),
        [...Array(20).keys()],
      );
    });

    it("says totals that are exactly what the outputs were given, with the request of setup and none of the barrier's", () => {
      const count = (metric: string) => outcome.points.filter((point) => point.metric === metric).length;
      const sum = (what: "requests" | "iterations" | "failedRequests" | "checksPassed") =>
        outcome.totals.reduce((all, totals) => all + (totals?.[what] ?? NaN), 0);
      assert.ok(sum("requests") > 50);
      assert.equal(sum("requests"), count("http_reqs"));
      assert.equal(sum("iterations"), count("iterations"));
      assert.equal(sum("checksPassed"), count("checks"));
      assert.equal(
        sum("failedRequests"),
        outcome.points.filter(({ metric, value }) => metric === "http_req_failed" && value === 1).length,
      );
      assert.equal(sum("requests"), 1 + sum("checksPassed"));
    });

    it("tags every sample with run and runner", () => {
      assert.ok(outcome.points.every(({ tags }) => tags.testid === "shop-12345678"));
      assert.deepEqual([...new Set(outcome.points.map(({ tags }) => tags.instance_id))].sort(), ["0", "1", "2"]);
    });
  });

  it("starts nobody when one is missing, and names it", async () => {
    const outcome = await run({ script: shop, runners: 3, absent: [2], startDeadlineSeconds: 3 });
    assert.deepEqual(outcome.exitCodes, [103, 103]);
    assert.deepEqual(outcome.barrier, [
      { "pulumi-k6": "not-started", at: "missing", missing: [{ index: 2, status: null }], missingCount: 1 },
    ]);
    assert.equal(outcome.points.filter(({ metric }) => metric === "iterations").length, 0);
  });

  it("starts nobody when setup fails, and says why", async () => {
    const script = `export function setup() { throw new Error('no such shop'); }
      export default function () {}`;
    const outcome = await run({ script, runners: 2 });
    assert.deepEqual(outcome.exitCodes, [103, 103]);
    const last = outcome.barrier.at(-1);
    assert.ok(last?.["pulumi-k6"] === "not-started" && last.at === "setup");
    assert.match(last.cause ?? "", /^Error: no such shop/);
  });

  it("names a store that accepts connections and does not answer", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const writeUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    let line: BarrierLine | undefined;
    await run(
      { script: shop, runners: 1, startDeadlineSeconds: 2, args: ["--out", `influxdb=${writeUrl}/k6`] },
      async (running) => {
        line = await running.heard("not-started");
        running.signal(0, "SIGKILL");
      },
    );
    silent.close();
    sockets.forEach((socket) => socket.destroy());
    assert.ok(line?.["pulumi-k6"] === "not-started");
    const [cause] = notStartedCauses(line, { runners: 1, writeUrl });
    assert.match(
      cause,
      /^runner 0 of 1 answers but .* k6 waits for the store http:\/\/127\.0\.0\.1:\d+, which accepts connections/,
    );
  });

  it("keeps teardown and totals when a runner is told to end", async () => {
    const outcome = await run({ script: shop.replace("2s', exec", "60s', exec"), runners: 2 }, async (running) => {
      await running.heard("started");
      await new Promise((resolve) => setTimeout(resolve, 500));
      running.signal(0, "SIGTERM");
      running.signal(1, "SIGTERM");
    });
    assert.deepEqual(outcome.exitCodes, [105, 105]);
    assert.ok(outcome.logs[0].includes("teardown ran T1"));
    assert.ok(outcome.totals.every((totals) => (totals?.requests ?? 0) > 0));
  });

  it("leaves the script its own summary, default function and options", async () => {
    const script = `import exec from 'k6/execution';
      export const options = { vus: 2, iterations: 4, tags: { team: 'a' } };
      export default function (data) { console.log('data ' + typeof data + ' ' + exec.test.options.iterations); }
      export async function handleSummary(data) { return { stdout: 'mine ' + data.metrics.iterations.values.count + '\\n' }; }`;
    const outcome = await run({ script, runners: 2 });
    assert.deepEqual(outcome.exitCodes, [0, 0], outcome.logs.join("\n"));
    assert.deepEqual(
      outcome.totals.map((totals) => totals?.iterations),
      [2, 2],
    );
    outcome.logs.forEach((log) => {
      assert.match(log, /^mine 2$/m);
      assert.match(log, /data undefined/);
      assert.match(log, /options\.tags of the script \(team\) are replaced/);
    });
  });

  it("writes totals when the script's own summary fails", async () => {
    const script = `export default function () {}
      export function handleSummary() { throw new Error('broken'); }`;
    const outcome = await run({ script, runners: 1 });
    assert.deepEqual(outcome.exitCodes, [0]);
    assert.equal(outcome.totals[0]?.iterations, 1);
    assert.match(outcome.logs[0], /handleSummary\(\) of the script failed: Error: broken/);
  });

  it("hides the store's credentials from the script", async () => {
    const script = `export default function () { console.log('keys ' + Object.keys(__ENV).sort()); }`;
    const outcome = await run({ script, runners: 1 });
    assert.match(outcome.logs[0], /keys PULUMI_K6_TOTALS,TARGET"/);
  });
});
