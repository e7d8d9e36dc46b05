import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunInputs } from "../../../components/run/types";
import { labUp } from "../../../lab/cluster/commands";
import { daemonStates, processesInside } from "../../../lab/cluster/health";
import { findNamespace } from "../../../lab/cluster/namespace";
import { listProcesses, type Process } from "../../../lab/cluster/processes";
import { currentLayout } from "../../../lab/cluster/record";
import { ensureTestRunKind } from "../../simulator/crd";
import { apply, Bench } from "../engines/bench";
import { openToSimulator } from "../engines/operators";
import { outcomeOf, type Outcome } from "../guarantees/conduct";
import { type Program, runnerProcesses, runnersGone, simulator } from "../guarantees/processes";
import { endless, short } from "../guarantees/scripts";

const suffix = Date.now().toString(36);
const deadlineSeconds = 40;
const layout = currentLayout();

interface Running {
  run: string;
  outcome: Promise<Outcome>;
  /** When its pod was started, milliseconds since the epoch. */
  begun: number;
}

/** The lab's processes, by their ids in the lab. */
async function inside(): Promise<Map<number, Process>> {
  const namespace = await findNamespace(layout);
  assert.ok(namespace !== undefined, "the lab is up");
  return processesInside(await listProcesses(), namespace);
}

async function daemon(name: string): Promise<number> {
  const { pid = NaN } = (await daemonStates(layout)).find((one) => one.name === name) ?? {};
  const found = (await inside()).get(pid);
  assert.ok(found !== undefined, `${name} runs`);
  return found.pid;
}

/** Kills a daemon and keeps it from coming back while something is done. */
async function without(name: string, act: () => Promise<void>): Promise<void> {
  const supervisor = [...(await inside()).values()].find(({ command }) =>
    command.some((word) => word.endsWith("supervisor.cjs")),
  );
  assert.ok(supervisor !== undefined, "the lab has a supervisor");
  process.kill(supervisor.pid, "SIGSTOP");
  try {
    process.kill(await daemon(name), "SIGKILL");
    await act();
  } finally {
    process.kill(supervisor.pid, "SIGCONT");
  }
}

describe("a run during an outage of the cluster", function () {
  this.timeout(180_000);
  const benches = (["job", "operator"] as const).map((engine) => ({
    engine,
    bench: new Bench(`outage-${engine}-${suffix}`, engine),
  }));
  let operator: Program;
  let whole: Running[];
  let endlessOnes: Running[];
  /** When the last runner of each endless run was gone, seconds after its start. */
  let goneAfter: (number | undefined)[];

  // All runs are begun before anything is taken away: controllers need half a minute to find back to an API server, and start nothing meanwhile.
  before(async () => {
    await Promise.all(benches.map(({ bench }) => bench.open()));
    const [, { bench }] = benches;
    await ensureTestRunKind(bench.cluster);
    await apply([openToSimulator(bench.namespace)]);
    operator = simulator(bench.kubeconfig, bench.namespace);
    await operator.said(/READY/);
    [whole, endlessOnes] = await Promise.all([
      startBoth("whole", short.replace('"3s"', '"15s"')),
      startBoth("endless", endless, { deadlineSeconds }),
    ]);
    process.kill(await daemon("kubelet"), "SIGKILL");
    await sleep(3000);
    process.kill(await daemon("apiserver"), "SIGKILL");
    await runnersGone(Date.now() + 30_000, ...whole.map(({ run }) => run));
    await without("apiserver", async () => {
      assert.equal((await runnerProcesses(...endlessOnes.map(({ run }) => run))).length, 2);
      goneAfter = await Promise.all(
        endlessOnes.map(async ({ run, begun }) => {
          const gone = await runnersGone(begun + (deadlineSeconds + 30) * 1000, run);
          return gone === undefined ? undefined : (gone - begun) / 1000;
        }),
      );
    });
  });

  after(async () => {
    await operator.end("SIGKILL");
    // Waits for daemons that are still on their way up.
    await labUp(layout, () => undefined);
    await Promise.all(benches.map(({ bench }) => bench.close()));
  });

  /** Starts a run with each engine; returns once their runners are at work. */
  async function startBoth(what: string, script: string, change: Partial<RunInputs> = {}): Promise<Running[]> {
    return Promise.all(
      benches.map(async ({ engine, bench }) => {
        const name = `${what}-${engine}-${suffix}`;
        const inputs = await bench.inputs(script, {
          ...{ test: name, run: name, runners: 1, resources: { cpu: "120m", memory: "96Mi" } },
          ...{ startDeadlineSeconds: 60, deadlineSeconds: 120, ...change },
        });
        const outcome = bench.execute(inputs).then((state) => outcomeOf(inputs, state));
        await bench.said(name, /: running 1\/1/);
        const [{ status }] = await bench.runnerPods(inputs);
        return { run: name, outcome, begun: +new Date(status!.startTime!) };
      }),
    );
  }

  for (const [i, { engine }] of benches.entries()) {
    it(`passes with engine ${engine} although the kubelet and the API server are killed in the middle and start again`, async () => {
      const { verdict, reasons, runners } = await whole[i].outcome;
      assert.equal(verdict, "pass", reasons.join(" "));
      assert.deepEqual(
        runners.map(({ exitCode }) => exitCode),
        [0],
      );
    });

    it(`has no load with engine ${engine} 30 s after its deadline although no API server comes back, and is judged when it does`, async () => {
      const seconds = goneAfter[i];
      console.log(`      gone ${seconds?.toFixed(1)} s after its start, deadline ${deadlineSeconds} s`);
      assert.ok(seconds !== undefined);
      const { verdict, reasons } = await endlessOnes[i].outcome;
      assert.equal(verdict, "invalid");
      assert.match(reasons.join(" "), new RegExp(`stopped at its deadline of ${deadlineSeconds} s`));
    });
  }
});
