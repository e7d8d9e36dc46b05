import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { judge } from "../../../../components/run/judge";
import { Store } from "../../../../components/run/store";
import { startBalancer } from "../../../support/balancer";
import { executable } from "../../../support/executables";
import { startGateway, type GatewayOptions, type GatewayProcess } from "../../../support/gateway";
import { startInfluxDb, type InfluxDbProcess } from "../../../support/influxdb";
import { runThroughGateway, type GatewayRunner } from "../../../support/k6-gateway";
import { JsonSamples } from "../../../support/k6-json";
import { goodRunner, runInputs } from "../../../support/results";
import { startVariedTarget, type Target } from "../../../support/target";

/** Times of the long form, `LONG=1`, which is for the numbers in docs/metrics.md, and of the short one. Seconds. */
const times = process.env.LONG === "1" ? { run: 60, outage: 20, rate: 300 } : { run: 18, outage: 5, rate: 100 };

// Of processes that are started again at the same port: below those that the system hands out to the others meanwhile.
const ownPort = (index: number) => 20_000 + 2 * (process.pid % 5_000) + index;

const script = (seconds: number) => `
import http from "k6/http";
export const options = { scenarios: { steady: { executor: "constant-arrival-rate", rate: ${times.rate}, timeUnit: "1s", duration: "${seconds}s", preAllocatedVUs: 20 } } };
export default function () { http.get(__ENV.TARGET + "/x", { tags: { name: "x" } }); }`;

describe("outages behind the runners, with real k6, Telegraf and InfluxDB", function () {
  this.timeout((times.run + 60) * 1000);
  let folder: string;
  let target: Target;
  let influxdb: InfluxDbProcess;
  let runs: Record<"outage" | "rollout" | "killed", Promise<void>>;
  const gateways: GatewayProcess[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "outages-"));
    [target, influxdb] = await Promise.all([startVariedTarget(), startInfluxDb(executable("influxd"), folder)]);
    // They mostly wait, and share nothing: at once they take as long as the longest.
    runs = { outage: outage(), rollout: rollout(), killed: killed() };
    await Promise.allSettled(Object.values(runs));
  });
  after(async () => {
    await Promise.all([...gateways.map((gateway) => gateway.stop("SIGKILL")), target.stop(), influxdb.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const gatewayTo = async (store: InfluxDbProcess, options: Partial<GatewayOptions> = {}) => {
    const gateway = await startGateway(executable("telegraf"), folder, store, { mode: "raw", ...options });
    gateways.push(gateway);
    return gateway;
  };
  const run = (testid: string, runners: number, seconds: number, gateway: Pick<GatewayProcess, "url" | "credentials">) =>
    runThroughGateway(executable("k6"), {
      ...{ folder, testid, runners, gateway, script: script(seconds) },
      env: { TARGET: `${target.url}/0` },
    });
  const counted = async (outputs: GatewayRunner[]) => JsonSamples.read(outputs.map(({ json }) => json));
  const stored = async (store: InfluxDbProcess, testid: string) => {
    const start = new Date(Date.now() - 600_000);
    return new Store(store, { bucket: store.bucket, testid, start, stop: new Date() }, 1).counts();
  };

  const outage = async () => {
    const own = path.join(folder, "own");
    const port = ownPort(0);
    const start = () => startInfluxDb(executable("influxd"), own, { durable: true, port });
    let store = await start();
    const gateway = await gatewayTo(store);
    const running = run("outage", 2, times.run, gateway);
    const quiet = (times.run - 2 * times.outage) / 4;
    await sleep(quiet * 1000);
    await store.stop("SIGKILL");
    await sleep(times.outage * 1000);
    store = await startInfluxDb(executable("influxd"), own, { durable: true, port, setUp: false });
    try {
      await sleep(2 * quiet * 1000);
      store.signal("SIGSTOP");
      await sleep(times.outage * 1000);
      store.signal("SIGCONT");
      const outputs = await running;
      const samples = await counted(outputs);
      await gateway.stop();
      const { requests } = await stored(store, "outage");
      const memory = outputs.map(({ memoryMi }) => {
        const before = Math.max(...memoryMi.slice(0, Math.max(2, Math.floor(quiet))));
        return { before, most: Math.max(...memoryMi) };
      });
      const told = memory.map(({ before, most }) => `${before.toFixed(0)} and ${most.toFixed(0)} MiB`).join(", ");
      console.log(`      ${samples.sum("http_reqs")} requests, ${requests} stored; runners' memory before and at most: ${told}`);
      assert.equal(requests, samples.sum("http_reqs"));
      assert.ok(requests >= times.rate * times.run * 0.95, `${requests} requests`);
      outputs.forEach(({ log }) => assert.doesNotMatch(log, /Couldn't write stats|higher than/));
      memory.forEach(({ before, most }) => assert.ok(most < before * 1.5, told));
    } finally {
      await store.stop("SIGKILL");
    }
  };

  const rollout = async () => {
    const first = await Promise.all(["a", "b"].map((relay) => gatewayTo(influxdb, { relay })));
    const replicas = [...first];
    const service = await startBalancer(first.map(({ url }) => url));
    const running = run("rollout", 4, 12, { ...first[0], url: service.url });
    await sleep(2000);
    for (const [i, old] of first.entries()) {
      // As a Deployment does with no replica unavailable: the new one is ready first; the old one is told to end after its preStop.
      const next = await gatewayTo(influxdb, { relay: `next-${i}` });
      replicas.push(next);
      service.endpoints = [...service.endpoints.filter((url) => url !== old.url), next.url];
      await sleep(2000);
      await old.stop();
    }
    const outputs = await running;
    const samples = await counted(outputs);
    await Promise.all(replicas.map((gateway) => gateway.stop()));
    await service.stop();
    const { requests, iterations } = await stored(influxdb, "rollout");
    outputs.forEach(({ log }) => assert.doesNotMatch(log, /Couldn't write stats/));
    assert.equal(requests, samples.sum("http_reqs"));
    assert.equal(iterations, samples.sum("iterations"));
  };

  const killed = async () => {
    const port = ownPort(1);
    const gateway = await gatewayTo(influxdb, { port });
    const startedAt = new Date().toISOString();
    const running = run("killed", 2, 6, gateway);
    await sleep(3000);
    await gateway.stop("SIGKILL");
    await sleep(1500);
    const next = await gatewayTo(influxdb, { port });
    const samples = await counted(await running);
    await next.stop();
    const { requests, iterations } = await stored(influxdb, "killed");
    const [made, lost] = [samples.sum("http_reqs"), samples.sum("http_reqs") - requests];
    assert.ok(lost > 0, "the gateway took samples with it");
    const finishedAt = new Date().toISOString();
    const runners = [0, 1].map((index) => {
      const of = (metric: string) => samples.sum(metric, { instance_id: `${index}` });
      const runner = goodRunner(index);
      const counts = { requests: of("http_reqs"), iterations: of("iterations"), failedRequests: of("http_req_failed") };
      return { ...runner, startedAt, finishedAt, totals: { ...runner.totals!, ...counts, durationMs: 6000 } };
    });
    const { result } = await judge(
      { ...runInputs, run: "killed", store: { ...runInputs.store, ...influxdb }, readToken: influxdb.token },
      { stage: "finished", runners, causes: [], startedAt, finishedAt, startSkewMs: 5 },
    );
    console.log(`      ${made} requests, ${lost} lost; ${iterations} iterations stored`);
    assert.equal(result.verdict, "invalid");
    assert.match(
      result.reasons.join("\n"),
      new RegExp(`the runners count ${made} requests, the store holds ${requests}: ${lost} `),
    );
  };

  it("lose nothing while the store is killed and while it is frozen, and take no memory of the runners", () => runs.outage);
  it("lose nothing while two replicas are replaced one after the other", () => runs.rollout);
  it("are counted to the sample where a gateway is killed, and make the run invalid", () => runs.killed);
});
