import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { InfluxDB, flux, type ParameterizedQuery } from "@influxdata/influxdb-client";
import { ensureBucket } from "../../../components/metrics/admin/buckets";
import { bucketing, bucketTag } from "../../../components/metrics/gateway/buckets";
import { rollupEverySeconds, rollupFlux, rollupTurnSeconds } from "../../../components/metrics/rollup";
import * as provider from "../../../components/metrics/store-task-provider";
import type { TaskInputs, TaskOutputs } from "../../../components/metrics/store-task-provider";
import { TestStore } from "../../support/store";

describe("tasks of a real InfluxDB", () => {
  // Of the last ten minutes that are over.
  const tenthMinute = (Math.floor(Date.now() / (rollupEverySeconds * 1000)) - 1) * rollupEverySeconds * 1000;
  const middles = ["0", ...bucketing.middles, ...bucketing.middles.map((middle) => `-${middle}`)];

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
    const values = Array.from({ length: 2000 }, (_, i) => Math.round(10 ** (((i * 7919) % 2000) / 500) * 1000) / 1000);

    before(async function () {
      // InfluxDB takes about a second for a run of a task.
      this.timeout(90_000);
      const lines = values.flatMap((value, i) => {
        const at = `${tenthMinute - 240_000 + i * 60}000000`;
        const tags = `testid=t,name=shop,status=200,instance_id=${i % 2}`;
        return [`http_req_duration,${tags} value=${value} ${at}`, `http_reqs,${tags} value=1 ${at}`];
      });
      const other = [`vus,testid=t,instance_id=0 value=7 ${tenthMinute - 240_000}000000`];
      // As a gateway that adds up writes, of two replicas: all buckets there are.
      const at = `${tenthMinute - 120_000}000000`;
      const summed = ["0", "1"].flatMap((relay) => [
        `http_reqs,testid=agg,relay=${relay} value_count=5,value_sum=5,value_min=1,value_max=1,value_last=1 ${at}`,
        ...middles.map((middle) => `http_req_duration_hist,testid=agg,relay=${relay},${bucketTag}=${middle} value_count=3 ${at}`),
      ]);
      // What is not a sample, and has texts.
      const own = [`gateway_firewall,testid=t value="https://shop/1" ${at}`];
      assert.equal(await store.write(store.access.adminToken, "k6", [...lines, ...other, ...summed, ...own].join("\n")), 204);
      const { outs } = await provider.create(wish());
      await runTask(store, outs.taskId);
      await runTask(store, outs.taskId);
      await provider.remove(outs);
    });

    it("so that counts and sums stay exact, and twice is as once", async () => {
      // Two runners, two minutes.
      assert.deepEqual(await sumOf("http_reqs", "value_sum", "t"), { sum: values.length, points: 4 });
      assert.deepEqual(await sumOf("http_req_duration", "value_count", "t"), { sum: values.length, points: 4 });
      const total = (await sumOf("http_req_duration", "value_sum", "t")).sum;
      assert.ok(Math.abs(total / values.reduce((sum, value) => sum + value, 0) - 1) < 1e-9);
    });

    it("with the least, the most and the last of each minute and series", async () => {
      const ofRunner = (runner: number, minute: number) =>
        values.filter((_, i) => i % 2 === runner && Math.floor((i * 60) / 60_000) === minute);
      for (const [field, pick] of [
        ["value_min", (some: number[]) => Math.min(...some)],
        ["value_max", (some: number[]) => Math.max(...some)],
        ["value_last", (some: number[]) => some.at(-1)],
      ] as const) {
        const rows = await rolledUp("http_req_duration", field, "t");
        const found = rows.map((row) => [row.instance_id, Date.parse(row._time as string) - tenthMinute, row._value]);
        const wanted = [0, 1].flatMap((runner) =>
          [0, 1].map((minute) => [String(runner), -240_000 + minute * 60_000, pick(ofRunner(runner, minute))]),
        );
        assert.deepEqual(found.sort(), wanted.sort(), field);
      }
    });

    it("with the tags that a series has, and no others", async () => {
      const tagsOf = async (metric: string) => {
        const [row = {}] = await rolledUp(metric, "value_last", "t");
        return Object.fromEntries(Object.entries(row).filter(([key]) => !/^_|^result$|^table$/.test(key)));
      };
      assert.deepEqual(await tagsOf("vus"), { testid: "t", instance_id: "0" });
      assert.deepEqual(await tagsOf("http_reqs"), { testid: "t", instance_id: "0", name: "shop", status: "200" });
    });

    it("and what a gateway has added up already", async () => {
      assert.deepEqual(await sumOf("http_reqs", "value_sum", "agg"), { sum: 10, points: 2 });
      assert.deepEqual(await sumOf("http_reqs", "value_count", "agg"), { sum: 10, points: 2 });
      assert.deepEqual(
        (await rolledUp("http_reqs", "value_max", "agg")).map(({ _value }) => _value),
        [1, 1],
      );
    });

    it("and each of its buckets, and makes none of raw samples", async () => {
      const rows = await rolledUp("http_req_duration_hist", "value_count", "agg");
      const found = rows.map((row) => `${row.relay as string} ${row[bucketTag] as string} ${row._value}`);
      assert.deepEqual(found.sort(), ["0", "1"].flatMap((relay) => middles.map((middle) => `${relay} ${middle} 3`)).sort());
      assert.deepEqual(await rolledUp("http_req_duration_hist", "value_count", "t"), []);
    });

    it("and nothing that is not a sample", async () => {
      const rows = await rowsOf(
        flux`from(bucket: "rolled-up") |> range(start: -2h) |> filter(fn: (r) => r._measurement =~ /^gateway/)`,
      );
      assert.deepEqual(rows, []);
    });
  });

  it("roll up with little memory", async function () {
    this.timeout(60_000);
    // 25 s of two runners with 20 names. All at once, with a histogram, took 1,000 MiB; in turns it is 3 to 23.
    const small = await TestStore.start();
    try {
      await ensureBucket(small.client, { bucket: "rolled-up", retentionSeconds: 0, owner: "", exclusive: true });
      const metrics = Array.from({ length: 14 }, (_, i) => `metric_${i}`);
      const lines = Array.from({ length: 2500 }, (_, i) =>
        metrics.map((metric) => {
          const tags = `testid=t,instance_id=${i % 2},name=page-${(i >> 1) % 20},method=GET,status=200,scenario=default`;
          return `${metric},${tags} value=${i} ${tenthMinute - 90_000 + i * 10}000000`;
        }),
      );
      assert.equal(await small.write(small.access.adminToken, "k6", lines.flat().join("\n")), 204);
      const before = await memoryMiB(small);
      const { outs } = await provider.create({ ...wish(), ...small.access });
      await runTask(small, outs.taskId);
      const grown = (await memoryMiB(small)) - before;
      assert.ok(grown < 100, `grew by ${grown} MiB`);
      await provider.remove(outs);
    } finally {
      await small.stop();
    }
  });

  /** What a store has ever had from the system, MiB: it only grows, so that no peak is missed. */
  async function memoryMiB({ url }: TestStore): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text();
    const [, bytes] = /^go_memstats_sys_bytes (\S+)$/m.exec(text) ?? [];
    assert.ok(bytes !== undefined, "influxd tells its memory");
    return Number(bytes) / 1024 / 1024;
  }

  /** Runs a task as if the clock had gone through ten minutes. */
  async function runTask(on: TestStore, taskID: string): Promise<void> {
    for (let at = tenthMinute; at < tenthMinute + rollupEverySeconds * 1000; at += rollupTurnSeconds * 1000) {
      await runTurn(on, taskID, new Date(at).toISOString().replace(/\.\d+Z/, "Z"));
    }
  }

  async function runTurn({ client }: TestStore, taskID: string, scheduledFor: string): Promise<void> {
    const { id: runID = "" } = await client.tasks.postTasksIDRuns({ taskID, body: { scheduledFor } });
    for (let tries = 0; tries < 200; tries++) {
      await sleep(50);
      const run = await client.tasks.getTasksIDRunsID({ taskID, runID }).catch(() => undefined);
      if (run?.status === "success") {
        return;
      }
      if (run?.status === "failed") {
        const logs = await client.tasks.getTasksIDRunsIDLogs({ taskID, runID });
        throw new Error(`the task failed: ${JSON.stringify(logs)}`);
      }
    }
    throw new Error("the task did not end within 10 s");
  }

  async function sumOf(metric: string, field: string, testid: string): Promise<{ sum: number; points: number }> {
    const rows = await rolledUp(metric, field, testid);
    return { sum: rows.reduce((all, { _value }) => all + _value, 0), points: rows.length };
  }

  function rolledUp(metric: string, field: string, testid: string): ReturnType<typeof rowsOf> {
    return rowsOf(flux`from(bucket: "rolled-up") |> range(start: -2h)
      |> filter(fn: (r) => r._measurement == ${metric} and r._field == ${field} and r.testid == ${testid})`);
  }

  function rowsOf(query: ParameterizedQuery): Promise<({ _value: number } & Record<string, unknown>)[]> {
    const { url, org, adminToken } = store.access;
    return new InfluxDB({ url: url as string, token: adminToken }).getQueryApi(org).collectRows(query);
  }
});
