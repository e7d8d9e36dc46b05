import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { layoutOf } from "../../../components/run/engines/layout";
import { noFigures } from "../../../components/run/judge";
import type { RunInputs, RunState } from "../../../components/run/types";
import { decide } from "../../../components/run/verdict";
import { Bench, k6Image } from "./bench";
import { testOperator } from "./operators";
import { lasting, reading, talking, throwing } from "./scripts";

const operator = testOperator();
const suffix = Date.now().toString(36);
/** What each engine needs; `OPERATOR=real` tests engine `operator` alone. */
const benches = [
  ...(process.env["OPERATOR"] === "real" ? [] : [{ title: "engine job", bench: new Bench(`engine-job-${suffix}`, "job") }]),
  {
    title: `engine operator with ${operator.title}`,
    bench: new Bench(`engine-operator-${suffix}`, "operator", process.env["STARTER_IMAGE"] ?? k6Image),
    operator,
  },
];

/** The verdict with a store that holds what the runners count. */
function verdictOf(inputs: RunInputs, state: RunState): ReturnType<typeof decide> {
  const sum = (what: "requests" | "iterations") => state.runners.reduce((all, { totals }) => all + (totals?.[what] ?? 0), 0);
  const figures = { ...noFigures, requests: sum("requests"), iterations: sum("iterations") };
  // Busy machines start runners less evenly, which is not looked at here.
  return decide({ ...inputs, limits: { startSkewMs: 10_000, droppedIterationsRatio: 0 } }, state, { figures, thresholds: [] });
}

for (const { title, bench, operator: acting } of benches) {
  describe(`${title}, by the contract of engines`, function () {
    this.timeout(120_000);

    before(async () => {
      await bench.open();
      await acting?.start(bench.kubeconfig, bench.namespace);
    });

    after(async () => {
      await acting?.stop();
      await bench.close();
    });

    describe("a run of four runners", () => {
      let inputs: RunInputs;
      let state: RunState;

      before(async () => {
        inputs = await bench.inputs(talking, { runners: 4, resources: { cpu: "150m", memory: "128Mi" } });
        state = await bench.execute(inputs);
      });

      it("passes, with start, end, skew and the totals of every runner", () => {
        assert.deepEqual(verdictOf(inputs, state).verdict, "pass", JSON.stringify(state));
        assert.ok(state.startSkewMs !== undefined && state.startSkewMs >= 0);
        const seconds = (Date.parse(state.finishedAt!) - Date.parse(state.startedAt!)) / 1000;
        assert.ok(seconds >= 3 && seconds < 20, `${seconds} s of load`);
        assert.ok(state.runners.every(({ totals }) => totals!.requests > 4));
        console.log(`      start skew ${state.startSkewMs} ms`);
      });

      it("tells of every runner how often its CPU limit held it up", () => {
        const shares = state.runners.map(({ totals }) => totals!.cpu!.throttledPeriods / totals!.cpu!.periods);
        assert.ok(
          shares.every((share) => share >= 0 && share <= 0.25),
          JSON.stringify(state.runners.map(({ totals }) => totals!.cpu)),
        );
      });

      it("calls setup() and teardown() once, and gives all VUs what setup() made", async () => {
        const sayings = await bench.sayings(inputs);
        assert.deepEqual(
          sayings.filter((saying) => !saying.startsWith("vu ")),
          ["setup", "teardown handed out"],
        );
        const vus = sayings.filter((saying) => saying.startsWith("vu ")).sort();
        assert.deepEqual(
          vus,
          Array.from({ length: 8 }, (_, i) => `vu ${i + 1} handed out`),
        );
      });

      it("counts no request but the script's", () => {
        const requests = state.runners.map(({ totals }) => totals!.requests - totals!.iterations);
        // That of setup() is runner 0's.
        assert.deepEqual(requests, [1, 0, 0, 0]);
      });

      it("has runners that end by themselves, whatever becomes of us", async () => {
        const { items } = await bench.cluster.batch.listNamespacedJob({ namespace: bench.namespace });
        const jobs = items.filter(({ metadata }) => metadata!.name!.startsWith(inputs.run));
        const pods = await bench.runnerPods(inputs);
        assert.equal(pods.length, 4);
        for (const { metadata, spec } of jobs) {
          const pod = pods.find(({ metadata: of }) => of!.labels!["job-name"] === metadata!.name);
          assert.equal(spec!.ttlSecondsAfterFinished, inputs.ttlSeconds, metadata!.name);
          if (pod !== undefined) {
            // By their node, or by themselves and their Job after them (see guarantees.test.ts).
            const own = pod.spec!.containers[0].env!.find(({ name }) => name === "DEADLINE")?.value;
            assert.equal(pod.spec!.activeDeadlineSeconds ?? Number(own), inputs.deadlineSeconds, metadata!.name);
            assert.ok(spec!.activeDeadlineSeconds! >= inputs.deadlineSeconds, metadata!.name);
          }
        }
      });

      it("leaves nothing when it is removed", async () => {
        await bench.remove(inputs);
        assert.deepEqual(await bench.objectsOf(inputs), []);
      });
    });

    it("gives each runner its part of data that is too large for one ConfigMap, and all of the rest", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "pulumi-k6-engines-"));
      const big = path.join(folder, "big.txt");
      const line = (i: number) => `${String(i).padStart(6, "0")}${"x".repeat(93)}\n`;
      await writeFile(big, Array.from({ length: 13_000 }, (_, i) => line(i)).join(""));
      const source = { inline: reading, files: { "all.txt": big }, splitFiles: { "part.txt": big } };
      const inputs = await bench.inputs(source);
      await rm(folder, { recursive: true });
      assert.equal(inputs.moreConfigMaps?.length, 3);
      const state = await bench.execute(inputs);
      assert.equal(verdictOf(inputs, state).verdict, "pass", JSON.stringify(state));
      assert.deepEqual((await bench.sayings(inputs)).sort(), ["13000 6500 000000", "13000 6500 006500"]);
      await bench.remove(inputs);
    });

    it("runs once when a second call attaches to it, and both see the same end", async () => {
      const inputs = await bench.inputs(lasting);
      const first = bench.execute(inputs);
      await bench.said(inputs.run, /running 2\/2/);
      const second = await bench.execute(inputs);
      const { startedAt, runners } = await first;
      assert.ok(bench.progress.some((line) => line.startsWith(`run ${inputs.run}: it was started before`)));
      assert.deepEqual([second.startedAt, second.runners], [startedAt, runners]);
      assert.equal(verdictOf(inputs, second).verdict, "pass");
      assert.equal((await bench.runnerPods(inputs)).length, 2);
    });

    // With the simulator these and more are caused in ../causes.
    if (process.env["OPERATOR"] === "real") {
      it("is invalid when a runner is deleted in the middle, and names it", async () => {
        const inputs = await bench.inputs(lasting.replace('"4s"', '"8s"'));
        const running = bench.execute(inputs);
        await bench.said(inputs.run, /running 2\/2/);
        const pod = (await bench.runnerPods(inputs)).find((one) => layoutOf(inputs.engine).indexOf(inputs.run, one) === 1)!;
        await bench.cluster.core.deleteNamespacedPod({ namespace: bench.namespace, name: pod.metadata!.name! });
        const { verdict, reasons } = verdictOf(inputs, await running);
        assert.equal(verdict, "invalid");
        assert.match(reasons.join("\n"), new RegExp(`runner 1 of 2 was lost: pod ${pod.metadata!.name} was deleted`));
        await bench.remove(inputs);
        assert.deepEqual(await bench.objectsOf(inputs), []);
      });

      const faults: { what: string; script?: string; change: (inputs: RunInputs) => Partial<RunInputs>; named: RegExp }[] = [
        {
          what: "a script that throws as it is loaded",
          script: throwing,
          change: () => ({}),
          named: /ReferenceError: undefinedHelper is not defined at shop\.js:3/,
        },
        {
          what: "an image that cannot be had",
          change: () => ({ image: "lab.local/absent:1" }),
          named: /cannot have its image lab\.local\/absent:1: .*Correct the image's name/,
        },
        {
          what: "a ConfigMap that is not there",
          change: () => ({ scriptConfigMap: "absent" }),
          named: /needs ConfigMap absent, which is not in namespace/,
        },
      ];
      for (const { what, script = lasting, change, named } of faults) {
        it(`ends within 30 s with ${what}, names it, and leaves no pod`, async () => {
          const inputs = await bench.inputs(script);
          const begun = Date.now();
          const changed = { ...inputs, ...change(inputs) };
          const state = await bench.execute(changed);
          const seconds = (Date.now() - begun) / 1000;
          const { verdict, reasons } = verdictOf(changed, state);
          assert.equal(verdict, "invalid");
          assert.match(reasons.join("\n"), named);
          assert.ok(seconds < 30, `${seconds} s`);
          assert.equal((await bench.objectsOf(inputs)).filter((name) => name.startsWith(`${inputs.run}-`)).length, 0);
        });
      }
    }
  });
}
