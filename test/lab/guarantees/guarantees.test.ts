import assert from "node:assert/strict";
import type { RunInputs } from "../../../components/run/types";
import { stopRuns } from "../../../components/run/stop";
import { ensureTestRunKind } from "../../simulator/crd";
import { apply, Bench } from "../engines/bench";
import { openToSimulator } from "../engines/operators";
import { conduct, outcomeOf, type Outcome } from "./conduct";
import { conductor, type Program, runnerProcesses, runnersGone, simulator } from "./processes";
import { endless, short, stoppable } from "./scripts";
import { steps, type Step } from "./steps";

const suffix = Date.now().toString(36);
const deadlineSeconds = 20;

for (const engine of ["job", "operator"] as const) {
  describe(`a run of engine ${engine} is kept to its promises`, function () {
    this.timeout(180_000);
    const bench = new Bench(`guarantees-${engine}-${suffix}`, engine);
    let operator: Program | undefined;
    let count = 0;

    before(async () => {
      await bench.open();
      if (engine === "operator") {
        await ensureTestRunKind(bench.cluster);
        await apply([openToSimulator(bench.namespace)]);
        operator = simulator(bench.kubeconfig, bench.namespace);
        await operator.said(/READY/);
      }
    });

    after(async () => {
      await operator?.end("SIGKILL");
      await bench.close();
    });

    /** Inputs of a run whose name no other test on this machine uses: its processes are looked for by it. */
    function inputsOf(script: string, change: Partial<RunInputs> = {}): Promise<RunInputs> {
      const name = `${engine}-${suffix}-${count++}`;
      return bench.inputs(script, {
        test: name,
        run: name,
        runners: 1,
        startDeadlineSeconds: 60,
        deadlineSeconds: 120,
        ...change,
      });
    }

    describe("when Pulumi is killed", () => {
      const outcomes = new Map<Step, { inputs: RunInputs; before: number; after: Outcome; pods: number }>();

      // Several at once, each of which waits most of the time; more would not find room on the node.
      before(async () => {
        const left = [...steps];
        const worker = async () => {
          for (let step = left.shift(); step !== undefined; step = left.shift()) {
            outcomes.set(step, await killedAt(step));
          }
        };
        await Promise.all([worker(), worker(), worker()]);
      });

      async function killedAt(step: Step) {
        const inputs = await inputsOf(short);
        const first = conductor(bench.kubeconfig, inputs, step);
        await first.said(/^AT /);
        await first.end("SIGKILL");
        const before = (await bench.runnerPods(inputs)).length;
        const after = await conduct(bench.cluster, inputs, () => undefined);
        return { inputs, before, after, pods: (await bench.runnerPods(inputs)).length };
      }

      for (const step of steps) {
        it(`${step}, the next call neither starts it twice nor leaves anything`, async () => {
          const { inputs, before, after, pods } = outcomes.get(step)!;
          if (step === "before anything runs") {
            // Nobody can know whether it ran and was removed since.
            assert.equal(after.verdict, "invalid");
            assert.match(after.reasons[0], /was started before and what it left is gone/);
            assert.equal(pods, 0);
          } else {
            assert.equal(after.verdict, "pass", after.reasons.join(" "));
            assert.equal(pods, 1);
          }
          assert.ok(before <= pods);
          await bench.remove(inputs);
          assert.deepEqual(await bench.objectsOf(inputs), []);
        });
      }
    });

    describe("when it is stopped", () => {
      it("by stopRuns: makes its last request within 1 s, runs teardown(), tells its totals, and says who stopped it", async () => {
        const inputs = await inputsOf(stoppable, { runners: 2 });
        const running = bench.execute(inputs);
        await bench.said(inputs.run, /: running 2\/2/);
        const at = Date.now();
        const { namespace, kubeconfig } = bench;
        const stopped = await stopRuns({ kubeconfig, namespace, run: inputs.run, graceSeconds: 20, by: "a test" });
        assert.deepEqual(stopped, [{ run: inputs.run, isGraceful: true }]);
        const { verdict, reasons, runners } = outcomeOf(inputs, await running);
        assert.equal(verdict, "invalid");
        assert.match(reasons[0], /was stopped by a test at .*, before its end/);
        assert.deepEqual(
          runners.map(({ exitCode }) => exitCode),
          [103, 103],
        );
        assert.ok(
          runners.every(({ totals }) => totals!.requests > 0),
          "runners tell what they did",
        );
        const sayings = await bench.sayings(inputs);
        assert.equal(sayings.filter((saying) => saying === "teardown").length, 1);
        const last = Math.max(
          ...sayings.filter((saying) => saying.startsWith("request ")).map((saying) => Number(saying.slice(8))),
        );
        console.log(`      last request ${last - at} ms after the call`);
        assert.ok(last - at <= 1000, `the last request was made ${last - at} ms after the call`);
        // Nothing goes on any more, so there is nothing to stop.
        assert.deepEqual(await stopRuns({ kubeconfig, namespace, run: inputs.run }), []);
      });

      it("by a signal to Pulumi's provider: says so, and the next `pulumi up` does", async () => {
        const inputs = await inputsOf(stoppable);
        const first = conductor(bench.kubeconfig, inputs);
        await first.said(/: running 1\/1/);
        const at = Date.now();
        const ended = first.end("SIGINT");
        await first.said(/stopped by an interrupt of Pulumi \(SIGINT\), asking its runners to end/);
        const gone = await runnersGone(at + 10_000, inputs.run);
        await ended;
        console.log(`      runners gone after ${gone! - at} ms, all done after ${Date.now() - at} ms`);
        const { verdict, reasons } = await conduct(bench.cluster, inputs, () => undefined);
        assert.equal(verdict, "invalid");
        assert.match(reasons[0], /was stopped by an interrupt of Pulumi \(SIGINT\)/);
      });

      it("by the removal of its resource: returns when its last pod is gone", async () => {
        const inputs = await inputsOf(stoppable, { runners: 2 });
        const first = conductor(bench.kubeconfig, inputs);
        await first.said(/: running 2\/2/);
        await first.end("SIGKILL");
        const at = Date.now();
        await bench.remove(inputs);
        console.log(`      removed within ${Date.now() - at} ms`);
        assert.deepEqual(await runnerProcesses(inputs.run), []);
        assert.deepEqual(await bench.objectsOf(inputs), []);
        assert.ok(Date.now() - at < 20_000);
      });
    });

    // Last: the operator does not come back.
    describe("when everybody is killed who could end it", () => {
      it("ends by its deadline, and one that has time for it comes to its own end", async () => {
        const limits = { deadlineSeconds, startDeadlineSeconds: 15 };
        const [withoutPulumi, withoutOperator, whole] = await Promise.all([
          inputsOf(endless, { ...limits, runners: 2 }),
          inputsOf(endless, limits),
          inputsOf(short.replace('"3s"', '"8s"')),
        ]);
        const killed = conductor(bench.kubeconfig, withoutPulumi);
        const others = [withoutOperator, whole].map((inputs) => bench.execute(inputs).then((state) => outcomeOf(inputs, state)));
        await Promise.all([
          killed.said(/: running 2\/2/),
          ...[withoutOperator, whole].map(({ run }) => bench.said(run, /: running 1\/1/)),
        ]);
        await Promise.all([killed.end("SIGKILL"), operator?.end("SIGKILL")]);
        assert.equal((await runnerProcesses(withoutPulumi.run)).length, 2);

        const [left, passed] = await Promise.all(others);
        assert.equal(passed.verdict, "pass", passed.reasons.join(" "));
        assert.equal(left.verdict, "invalid");
        assert.match(left.reasons.join(" "), /deadline of 20 s/);
        const begun = Math.min(...(await bench.runnerPods(withoutPulumi)).map(({ status }) => +new Date(status!.startTime!)));
        const until = begun + (deadlineSeconds + 30) * 1000;
        const gone = await runnersGone(until, withoutPulumi.run, withoutOperator.run);
        assert.ok(gone !== undefined, "runners are there 30 s after their deadline");
        console.log(
          `      last runner gone ${((gone - begun) / 1000).toFixed(1)} s after its start, deadline ${deadlineSeconds} s`,
        );
      });
    });
  });
}
