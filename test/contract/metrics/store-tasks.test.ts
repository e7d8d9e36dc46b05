import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { InfluxDB, flux, type ParameterizedQuery } from "@influxdata/influxdb-client";
import { ensureBucket } from "../../../components/metrics/admin/buckets";
import { bucketing, bucketTag, percentileErrorBound } from "../../../components/metrics/gateway/buckets";
import { rollupEverySeconds, rollupFlux } from "../../../components/metrics/rollup";
import * as provider from "../../../components/metrics/store-task-provider";
import type { TaskInputs, TaskOutputs } from "../../../components/metrics/store-task-provider";
import { TestStore } from "../../support/store";

describe("tasks of a real InfluxDB", () => {
  let store: TestStore;
  before(async () => {
    store = await TestStore.start();
    await ensureBucket(store.client, { bucket: "rolled-up", retentionSeconds: 0, owner: "", exclusive: true });
  });
  after(() => store?.stop());

  const task = "pulumi-k6 shop/dev/store: roll up k6";
  const wish = (windowSeconds = 60): TaskInputs => ({
    ...store.access,
    task,
    flux: rollupFlux({ task, from: "k6", to: "rolled-up", windowSeconds }),
  });

  async function count(): Promise<number> {
    return ((await store.client.tasks.getTasks({ org: store.access.org })).tasks ?? []).length;
  }

  it("are made once, however often they are asked for", async () => {
    const { outs } = await provider.create(wish());
    assert.deepEqual((await provider.create(wish())).outs, outs);
    assert.equal(await count(), 1);
    await provider.remove(outs);
    assert.equal(await count(), 0);
    await provider.remove(outs);
  });

  it("that bear our name twice are one again", async () => {
    const { outs } = await provider.create(wish());
    const orgID = await store.client.orgId();
    await store.client.tasks.postTasks({ body: { orgID, flux: wish().flux } });
    assert.equal(await count(), 2);
    const { outs: mended } = await provider.update(wish());
    assert.equal(await count(), 1);
    await provider.remove(mended);
    assert.deepEqual(await provider.read("", outs), {});
  });

  const damages: [string, { flux?: string; status?: "inactive" }][] = [
    ["changed", { flux: `option task = {name: "${task}", every: 1h}\nfrom(bucket: "k6") |> range(start: -1h)` }],
    ["switched off", { status: "inactive" }],
  ];
  for (const [what, body] of damages) {
    it(`that were ${what} by hand are seen, and put back`, async () => {
      const { id, outs } = await provider.create(wish());
      assert.deepEqual(await provider.read(id, outs), { id, props: outs, inputs: wish() });
      await store.client.tasks.patchTasksID({ taskID: outs.taskId, body });
      const { props } = await provider.read(id, outs);
      assert.notDeepEqual(props, outs);
      assert.deepEqual(provider.diff(props as TaskOutputs, wish()), { changes: true, replaces: [] });
      const { outs: mended } = await provider.update(wish());
      assert.deepEqual((await provider.read(id, mended)).props, outs);
      assert.deepEqual(provider.diff(mended, wish()), { changes: false, replaces: [] });
      await provider.remove(outs);
    });
  }

  describe("roll samples up", () => {
    const everyMs = rollupEverySeconds * 1000;
    // The last time that the clock gives to the task.
    const now = Math.floor(Date.now() / everyMs) * everyMs;
    // As many values as a lookup table of percentiles would not survive: three decades, in two minutes, of two runners.
    const values = Array.from({ length: 2000 }, (_, i) => Math.round(10 ** (((i * 7919) % 2000) / 500) * 1000) / 1000);

    before(async () => {
      const lines = values.flatMap((value, i) => {
        const at = `${now - 240_000 + i * 60}000000`;
        const tags = `testid=t,name=shop,status=200,instance_id=${i % 2}`;
        return [`http_req_duration,${tags} value=${value} ${at}`, `http_reqs,${tags} value=1 ${at}`];
      });
      // As a gateway that adds up writes, of two replicas.
      const summed = ["0", "1"].flatMap((relay) => [
        `http_reqs,testid=agg,relay=${relay} value_count=5,value_sum=5,value_min=1,value_max=1,value_last=1 ${now - 120_000}000000`,
        `http_req_duration_hist,testid=agg,relay=${relay},${bucketTag}=10.5 value_count=3 ${now - 120_000}000000`,
      ]);
      // What is not a sample, and has texts.
      const own = [`gateway_firewall,testid=t value="https://shop/1" ${now - 120_000}000000`];
      assert.equal(await store.write(store.access.adminToken, "k6", [...lines, ...summed, ...own].join("\n")), 204);
    });

    it("so that counts and sums stay exact and percentiles within the gateway's bound, and twice is as once", async () => {
      const { outs } = await provider.create(wish());
      await runTask(outs.taskId);
      await runTask(outs.taskId);
      const requests = await sumOf("http_reqs", "value_sum", "t");
      assert.deepEqual(requests, { sum: values.length, points: 2 });
      assert.deepEqual(await sumOf("http_req_duration", "value_count", "t"), { sum: values.length, points: 2 });
      const total = (await sumOf("http_req_duration", "value_sum", "t")).sum;
      assert.ok(Math.abs(total / values.reduce((sum, value) => sum + value, 0) - 1) < 1e-9);
      const ordered = [...values].sort((a, b) => a - b);
      const buckets = await bucketsOf("t");
      assert.equal(
        buckets.reduce((sum, { count }) => sum + count, 0),
        values.length,
      );
      for (const { middle } of buckets) {
        assert.ok(middle === "0" || bucketing.middles.includes(middle), `${middle} is a bucket that a gateway would write`);
      }
      for (const q of [0.5, 0.9, 0.95, 0.99, 0.999]) {
        const exact = ordered[Math.ceil(q * ordered.length) - 1];
        let seen = 0;
        const told = buckets.find(({ count }) => (seen += count) >= q * values.length);
        const error = Math.abs(Number(told?.middle) / exact - 1);
        assert.ok(error <= percentileErrorBound + 1e-5, `p${q * 100}: ${told?.middle} for ${exact}, off by ${error}`);
      }
      await provider.remove(outs);
    });

    it("and what a gateway has added up already", async () => {
      assert.deepEqual(await sumOf("http_reqs", "value_sum", "agg"), { sum: 10, points: 1 });
      assert.deepEqual(await sumOf("http_reqs", "value_max", "agg"), { sum: 1, points: 1 });
      assert.deepEqual(await bucketsOf("agg"), [{ middle: "10.5", count: 6 }]);
    });

    it("and nothing that is not a sample", async () => {
      const rows = await rowsOf(
        flux`from(bucket: "rolled-up") |> range(start: -2h) |> filter(fn: (r) => r._measurement =~ /^gateway/)`,
      );
      assert.deepEqual(rows, []);
    });

    it("into every bucket that a gateway knows", async () => {
      // One sample in each, and one at zero.
      const samples = [0, ...bucketing.middles.map(Number)];
      const lines = samples.map((value, i) => `edges,testid=edges value=${value} ${now - 60_000 + i}000000`);
      assert.equal(await store.write(store.access.adminToken, "k6", lines.join("\n")), 204);
      const { outs } = await provider.create(wish());
      await runTask(outs.taskId);
      const found = (await bucketsOf("edges", "edges_hist")).map(({ middle }) => middle);
      assert.deepEqual(found, ["0", ...bucketing.middles]);
      await provider.remove(outs);
    });
  });

  /** Runs a task as if the clock had just struck. */
  async function runTask(taskID: string): Promise<void> {
    const everyMs = rollupEverySeconds * 1000;
    const scheduledFor = new Date(Math.floor(Date.now() / everyMs) * everyMs).toISOString().replace(/\.\d+Z/, "Z");
    const { id: runID = "" } = await store.client.tasks.postTasksIDRuns({ taskID, body: { scheduledFor } });
    for (let tries = 0; tries < 200; tries++) {
      await sleep(50);
      const run = await store.client.tasks.getTasksIDRunsID({ taskID, runID }).catch(() => undefined);
      if (run?.status === "success") {
        return;
      }
      if (run?.status === "failed") {
        const logs = await store.client.tasks.getTasksIDRunsIDLogs({ taskID, runID });
        throw new Error(`the task failed: ${JSON.stringify(logs)}`);
      }
    }
    throw new Error("the task did not end within 10 s");
  }

  async function sumOf(metric: string, field: string, testid: string): Promise<{ sum: number; points: number }> {
    const rows = await rowsOf(flux`from(bucket: "rolled-up") |> range(start: -2h)
      |> filter(fn: (r) => r._measurement == ${metric} and r._field == ${field} and r.testid == ${testid})`);
    const unwanted = rows.filter((row) => "instance_id" in row || "relay" in row);
    assert.deepEqual(unwanted, [], "no series of a single runner or relay");
    const sum = rows.reduce((all, { _value }) => all + _value, 0);
    return { sum: field === "value_max" ? Math.max(...rows.map(({ _value }) => _value)) : sum, points: rows.length };
  }

  async function bucketsOf(testid: string, metric = "http_req_duration_hist"): Promise<{ middle: string; count: number }[]> {
    const rows = await rowsOf(flux`from(bucket: "rolled-up") |> range(start: -2h)
      |> filter(fn: (r) => r._measurement == ${metric} and r.testid == ${testid})
      |> group(columns: [${bucketTag}]) |> sum()`);
    return rows
      .map((row) => ({ middle: row[bucketTag] as string, count: row._value }))
      .sort((a, b) => Number(a.middle) - Number(b.middle));
  }

  function rowsOf(query: ParameterizedQuery): Promise<({ _value: number } & Record<string, unknown>)[]> {
    const { url, org, adminToken } = store.access;
    return new InfluxDB({ url: url as string, token: adminToken }).getQueryApi(org).collectRows(query);
  }
});
