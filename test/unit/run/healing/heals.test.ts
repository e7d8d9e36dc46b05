import assert from "node:assert/strict";
import type { V1Job, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { Problems } from "../../../../components/errors";
import { healManifest } from "../../../../components/run/engines/job/manifests";
import { healNotes } from "../../../../components/run/healing/healed";
import { checkHeal, healsToMake } from "../../../../components/run/healing/heals";
import { noFigures } from "../../../../components/run/judge";
import { observe, type RunFacts } from "../../../../components/run/observe";
import type { LoadShape } from "../../../../components/run/script/load-shape";
import type { RunnerTotals, ThresholdResult } from "../../../../components/run/types";
import { decide } from "../../../../components/run/verdict";
import { runInputs } from "../../../support/run-inputs";

const load = { vus: 4, duration: "1m" };
const inputs = runInputs({ heal: { maxGapSeconds: 20 }, load, deadlineSeconds: 120 });
const { run } = inputs;
const begun = Date.UTC(2026, 10, 24, 8);
const at = (seconds: number) => new Date(begun + seconds * 1000).toISOString();
const totals = { ...{ requests: 10, failedRequests: 1, iterations: 10, droppedIterations: 0, checksPassed: 5, checksFailed: 0 } };
const met: ThresholdResult[] = [{ metric: "http_reqs", expression: "count<100", actual: 30, ok: true }];
const cpu = { periods: 100, throttledPeriods: 10 };
const message = (durationMs: number) => JSON.stringify({ cpu, ...totals, dataSent: 100, dataReceived: 200, durationMs });

function status(phase: string, terminated?: object, more: object = {}): V1PodStatus {
  const state = terminated === undefined ? { running: { startedAt: at(0) } } : { terminated };
  const container = { name: "k6", image: "", imageID: "", ready: true, restartCount: 0, state };
  return { phase, startTime: at(-2), containerStatuses: [container], ...more } as unknown as V1PodStatus;
}
const runner = (index: number, its: V1PodStatus, isLeaving = false): V1Pod => ({
  metadata: {
    name: `${run}-${index}-x7k4p`,
    annotations: { "batch.kubernetes.io/job-completion-index": String(index) },
    ...(isLeaving ? { deletionTimestamp: new Date() } : {}),
  },
  spec: { nodeName: "node-a", containers: [] },
  status: its,
});
const healPod = (its: V1PodStatus): V1Pod => ({
  metadata: { name: `${run}-heal-1-abcde`, labels: { "job-name": `${run}-heal-1` } },
  spec: { containers: [] },
  status: its,
});
const healJob: V1Job = { metadata: { name: `${run}-heal-1` }, status: {} };
const lost = runner(1, status("Failed", { exitCode: 105, finishedAt: at(20), message: message(20_000) }), true);
const facts = (change: Partial<RunFacts>): RunFacts => ({
  ...{ pods: [runner(0, status("Running")), lost], deleted: new Set(), warnings: [], jobs: [] },
  barrier: { "pulumi-k6": "started", at: begun, skewMs: 3 },
  ...change,
});
const heals = (seconds: number, change: Partial<RunFacts> = {}, other = inputs) =>
  healsToMake(other, facts(change), begun + seconds * 1000);

describe("a runner that is lost, where that is to be healed", () => {
  it("is restarted in ten seconds, for what the load has left then, and until the others' deadline", () => {
    const [heal, ...more] = heals(21);
    assert.deepEqual(more, []);
    assert.deepEqual(heal, {
      index: 1,
      load: { vus: 4, duration: "29000ms" },
      joinAt: begun + 31_000,
      deadlineSeconds: 97,
    });
  });

  const beside = (pod: V1Pod) => heals(21, { pods: [runner(0, status("Running")), pod] });
  const nobody: [string, ReturnType<typeof heals>][] = [
    ["when it was not asked for", heals(21, {}, { ...inputs, heal: undefined })],
    ["twice", heals(21, { jobs: [healJob] })],
    ["before all were started", heals(21, { barrier: undefined })],
    ["when little is left of the load", heals(46)],
    ["while it runs", beside(runner(1, status("Running")))],
    ["when it has ended by itself", beside(runner(1, status("Failed", { exitCode: 137, reason: "OOMKilled" })))],
    ["when it ended well and was then tidied up", beside(runner(1, status("Succeeded", { exitCode: 0 }), true))],
    ["when the run's Job was deleted", heals(21, { jobs: [{ metadata: { name: run, deletionTimestamp: new Date() } }] })],
    ["when all are taken away", heals(21, { pods: [runner(0, status("Running"), true), lost] })],
    ["when no other goes on", heals(21, { deleted: new Set([`${run}-0-x7k4p`]) })],
  ];
  for (const [when, made] of nobody) {
    it(`is not restarted ${when}`, () => assert.deepEqual(made, []));
  }

  it("is also one that its node evicted, which nobody deletes", () => {
    const conditions = [{ type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet" }];
    assert.equal(beside(runner(1, status("Failed", { exitCode: 137 }, { conditions }))).length, 1);
  });

  it("is taken over by one pod that carries its segment and goes with the run's Job", () => {
    const owner = { apiVersion: "batch/v1", kind: "Job", name: run, uid: "u" };
    const { metadata, spec } = healManifest(inputs, heals(21)[0], owner);
    const [container] = spec!.template.spec!.containers;
    const value = (name: string) => container.env?.find((one) => one.name === name)?.value;
    assert.deepEqual([metadata?.name, metadata?.ownerReferences], [`${run}-heal-1`, [owner]]);
    assert.deepEqual([value("JOB_COMPLETION_INDEX"), value("JOIN_AT"), value("RUNNERS")], ["1", String(begun + 31_000), "2"]);
    assert.equal(container.args?.[container.args.indexOf("--duration") + 1], "29000ms");
    assert.deepEqual([spec?.backoffLimit, spec?.template.spec?.activeDeadlineSeconds], [0, 97]);
    assert.equal(spec?.completionMode, undefined);
  });

  describe("in the run's result", () => {
    const ends = (exitCode: number, finished: number, durationMs: number) =>
      healPod(
        status(exitCode === 0 ? "Succeeded" : "Failed", { exitCode, finishedAt: at(finished), message: message(durationMs) }),
      );
    const seen = (pods: V1Pod[], jobs = [healJob]) =>
      observe(
        inputs,
        facts({ pods: [runner(0, status("Succeeded", { exitCode: 0, finishedAt: at(60) })), lost, ...pods], jobs }),
      );

    it("is told why nobody could take over", () => {
      const refusedHeals = new Map([[1, "webhook x says no."]]);
      const { runners } = observe(inputs, facts({ jobs: [], refusedHeals }));
      assert.match(
        runners[1].cause ?? "",
        /^.*1-x7k4p.*\. Job \S+-heal-1, which was to take over its part, was refused: webhook x says no\.$/,
      );
      assert.equal(runners[1].state, "lost");
    });

    it("goes on as long as the other does", () => {
      for (const pods of [[], [healPod(status("Pending"))], [healPod(status("Running"))]]) {
        const state = seen(pods);
        assert.deepEqual([state.stage, state.runners[1].state], ["running", "running"]);
      }
    });

    it("has ended well with the totals of both, and its gap is told", () => {
      const [, healed] = seen([ends(0, 60, 29_000)]).runners;
      assert.deepEqual([healed.state, healed.exitCode, healed.cause], ["succeeded", 0, undefined]);
      assert.deepEqual([healed.totals?.requests, healed.totals?.durationMs, healed.healed?.gapSeconds], [20, 49_000, 11]);
      assert.deepEqual(healed.totals?.cpu, { periods: 200, throttledPeriods: 20 });
      assert.match(
        healNotes([healed])[0],
        /^runner 1 of 2 was lost: pod \S+ was deleted.*\. Pod \S+-heal-1-abcde took over its part; for 11 s its load was missing\.$/,
      );
    });

    it("is a flaw when the gap is longer than allowed", () => {
      const [, healed] = seen([ends(0, 60, 19_000)]).runners;
      assert.match(healed.cause ?? "", /for 21 s its load was missing\. The limit is 20 s \(heal\.maxGapSeconds\)/);
      assert.deepEqual(healNotes([healed]), []);
    });

    for (const exitCode of [0, 99, 108, 110]) {
      it(`makes the run invalid when the gap is too long, though the other ended with ${exitCode}`, () => {
        const { runners } = seen([ends(exitCode, 60, 19_000)]);
        const [threshold] = met;
        const told = { ...threshold, ok: exitCode !== 99 };
        const state = {
          ...{ stage: "finished" as const, causes: [], startedAt: at(0), startSkewMs: 3 },
          runners: runners.map((one) => ({ ...one, totals: { ...totals, ...one.totals, thresholds: [told] } as RunnerTotals })),
        };
        const figures = { ...noFigures, requests: 30, iterations: 30 };
        const { verdict, reasons } = decide(inputs, state, { figures, thresholds: met });
        assert.equal(verdict, "invalid");
        assert.match(reasons.join(), /for 21 s its load was missing\. The limit is 20 s/);
      });
    }

    it("does not wait for the pod of a Job that was deleted", () => {
      const gone = { ...healJob, metadata: { ...healJob.metadata, deletionTimestamp: new Date() } };
      const state = seen([], [gone]);
      assert.deepEqual([state.stage, state.runners[1].state], ["finished", "lost"]);
      assert.equal(seen([healPod(status("Running"))], [gone]).stage, "running");
    });

    it("keeps k6's own verdict of the other", () => {
      const [, healed] = seen([ends(99, 60, 29_000)]).runners;
      assert.deepEqual([healed.state, healed.exitCode, healed.cause], ["failed", 99, undefined]);
    });

    it("stays lost when the other was no better", () => {
      const [, healed] = seen([ends(137, 60, 29_000)]).runners;
      assert.equal(healed.state, "lost");
      assert.match(healed.cause ?? "", /heal-1-abcde, which was to take over its part, ended with exit code 137/);
      const failed = { ...healJob, status: { conditions: [{ type: "Failed", status: "True" }] } } as V1Job;
      assert.match(seen([], [failed]).runners[1].cause ?? "", /did not come up/);
    });
  });
});

describe("healing", () => {
  const problems = (change: object) => {
    const found = new Problems();
    checkHeal({ heal: { maxGapSeconds: 20 }, engine: "job", load, runners: 2, ...change }, found);
    return found.all.map(({ path, reason }) => `${path}: ${reason}`);
  };

  it("is allowed for a load whose rest can be told", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ load: { stages: [{ duration: "10s", target: 2 }] } }), []);
  });

  const refused: [string, object, RegExp][] = [
    ["where the script says the load", { load: {} }, /^heal: needs a load whose rest/],
    ["with shared iterations", { load: { vus: 2, iterations: 10 } as LoadShape }, /^heal: needs a load whose rest/],
    ["with k6-operator", { engine: "operator" }, /^heal: k6-operator starts all/],
    ["with one runner", { runners: 1 }, /^heal: needs another runner that goes on/],
    ["without a limit", { heal: { maxGapSeconds: 0 } }, /^heal\.maxGapSeconds: 0 is not a whole number/],
  ];
  for (const [when, change, told] of refused) {
    it(`is refused ${when}`, () => assert.match(problems(change).join("\n"), told));
  }
});
