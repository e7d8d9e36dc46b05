import assert from "node:assert/strict";
import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import type { BarrierLine } from "../../../components/run/barrier-line";
import { hasIndex } from "../../../components/run/engines/job/layout";
import { observe, parseTotals, type RunFacts } from "../../../components/run/observe";
import { progressLine } from "../../../components/run/progress";
import { runInputs } from "../../support/run-inputs";

const inputs = runInputs();

function pod(index: number, status: V1PodStatus, isLeaving = false): V1Pod {
  return {
    metadata: {
      name: `checkout-3f9a1c2e-${index}-x7k4p`,
      namespace: "load",
      annotations: { "batch.kubernetes.io/job-completion-index": String(index) },
      ...(isLeaving ? { deletionTimestamp: new Date() } : {}),
    },
    spec: {
      nodeName: "node-a",
      containers: [{ name: "k6", image: "grafana/k6:1.1.0", resources: { requests: { cpu: "500m", memory: "256Mi" } } }],
    },
    status,
  };
}
const container = (state: object): V1PodStatus["containerStatuses"] => [
  { name: "k6", image: "", imageID: "", ready: false, restartCount: 0, state },
];
const ended = (exitCode: number, change: object = {}) =>
  container({
    terminated: { exitCode, reason: "Error", startedAt: "2026-11-24T08:00:00Z", finishedAt: "2026-11-24T08:00:21Z", ...change },
  });
const ready: V1PodStatus = {
  phase: "Running",
  conditions: [{ type: "Ready", status: "True" }],
  containerStatuses: container({ running: {} }),
};
const done: V1PodStatus = { phase: "Succeeded", containerStatuses: ended(0, { reason: "Completed" }) };
const started: BarrierLine = { "pulumi-k6": "started", at: Date.UTC(2026, 10, 24, 8), skewMs: 7 };

function observed(pods: V1Pod[], more: Partial<RunFacts> = {}) {
  return observe(inputs, { pods, deleted: new Set(), warnings: [], ...more });
}

describe("a run as it is observed", () => {
  it("is scheduling while a pod is missing or not up", () => {
    assert.equal(observed([]).stage, "scheduling");
    assert.equal(observed([pod(0, ready), pod(1, { phase: "Pending" })]).stage, "scheduling");
  });

  it("is starting when all are up and the barrier has not started them", () => {
    assert.equal(observed([pod(0, ready), pod(1, ready)]).stage, "starting");
  });

  it("is running from the barrier's word on, with start and skew", () => {
    const state = observed([pod(0, ready), pod(1, ready)], { barrier: started });
    assert.equal(state.stage, "running");
    assert.equal(state.startedAt, "2026-11-24T08:00:00.000Z");
    assert.equal(state.startSkewMs, 7);
    assert.deepEqual(
      state.runners.map(({ state: one }) => one),
      ["running", "running"],
    );
  });

  it("is finished when every runner has ended, with the time of the last", () => {
    const later = { phase: "Succeeded", containerStatuses: ended(0, { finishedAt: "2026-11-24T08:00:23Z" }) };
    const state = observed([pod(0, later), pod(1, done)], { barrier: started });
    assert.equal(state.stage, "finished");
    assert.equal(state.finishedAt, "2026-11-24T08:00:23.000Z");
  });

  it("takes totals from the termination message", () => {
    const [runner] = observed([
      pod(0, { phase: "Succeeded", containerStatuses: ended(0, { message: '{"requests":5}' }) }),
    ]).runners;
    assert.deepEqual(runner.totals, { requests: 5 });
    // As supervise.sh fills the place in it.
    const filled = '{"cpu":{"periods":200,"throttledPeriods":51},             "requests":5}';
    assert.deepEqual(parseTotals(filled), { cpu: { periods: 200, throttledPeriods: 51 }, requests: 5 });
    assert.equal(parseTotals("fatal: something"), undefined);
    assert.equal(parseTotals('{"requests":'), undefined);
  });

  const faults: [string, V1Pod, "failed" | "lost" | "pending" | "ready", RegExp][] = [
    [
      "out of memory",
      pod(1, { phase: "Failed", containerStatuses: ended(137, { reason: "OOMKilled" }) }),
      "failed",
      /want of memory \(limit 256Mi\)\. Raise resources\.memory/,
    ],
    [
      "stopped at the deadline",
      pod(1, { phase: "Failed", reason: "DeadlineExceeded", containerStatuses: ended(105) }),
      "failed",
      /at its deadline of 60 s/,
    ],
    [
      "evicted",
      pod(1, { phase: "Failed", reason: "Evicted", message: "disk pressure" }),
      "failed",
      /was evicted by node node-a: disk pressure\. Keep the node's/,
    ],
    [
      "ended by an exception",
      pod(1, { phase: "Failed", containerStatuses: ended(107) }),
      "failed",
      /exit code 107: the script threw an exception/,
    ],
    [
      "ended by a code nobody knows",
      pod(1, { phase: "Failed", containerStatuses: ended(3) }),
      "failed",
      /exit code 3: an exit code that k6 does not use/,
    ],
    [
      "deleted and not gone yet, so that its totals are waited for",
      pod(1, ready, true),
      "ready",
      /pod checkout-3f9a1c2e-1-x7k4p is being deleted on node node-a/,
    ],
    ["deleted and ended by it", pod(1, { phase: "Failed", containerStatuses: ended(105) }, true), "lost", /was deleted/],
    [
      "not to be scheduled",
      pod(1, {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available: 3 Insufficient cpu" }],
      }),
      "pending",
      /cannot be scheduled: no node has the 0\.5 CPU left that it asks for\. Lower resources\.cpu/,
    ],
    [
      "without an image",
      pod(1, {
        phase: "Pending",
        containerStatuses: container({ waiting: { reason: "ImagePullBackOff", message: "Back-off" } }),
      }),
      "pending",
      /cannot have its image grafana\/k6:1\.1\.0: Back-off\. Correct the image's name/,
    ],
    [
      "without its Secret",
      pod(1, {
        phase: "Pending",
        containerStatuses: container({ waiting: { reason: "CreateContainerConfigError", message: 'secret "x" not found' } }),
      }),
      "pending",
      /needs Secret x, which is not in namespace load\. If a stack made it/,
    ],
  ];
  for (const [what, faulty, state, cause] of faults) {
    it(`names a runner that is ${what}`, () => {
      const runner = observed([pod(0, ready), faulty]).runners[1];
      assert.equal(runner.state, state);
      assert.match(runner.cause ?? "", /^runner 1 of 2 /);
      assert.match(runner.cause ?? "", cause);
    });
  }

  it("remembers a pod that is gone", () => {
    const gone = pod(1, ready);
    const state = observed([pod(0, done), gone], { deleted: new Set([gone.metadata?.name ?? ""]), barrier: started });
    assert.equal(state.stage, "finished");
    assert.equal(state.runners[1].state, "lost");
  });

  it("counts a runner as lost whose pod was gone before anybody looked", () => {
    const state = observed([pod(0, done)], { jobs: [{ status: { failedIndexes: "1" } }] });
    assert.equal(state.stage, "finished");
    assert.match(state.runners[1].cause ?? "", /runner 1 of 2 was lost: its pod is gone/);
  });

  it("says why a pod was not created, from the Job's warnings", () => {
    const warning = {
      reason: "FailedCreate",
      message: "exceeded quota: load",
      involvedObject: { kind: "Job", name: inputs.run },
      metadata: {},
    };
    assert.match(observed([], { warnings: [warning] }).runners[0].cause ?? "", /has no pod: exceeded quota/);
  });

  it("says why the barrier did not start it", () => {
    const barrier: BarrierLine = {
      "pulumi-k6": "not-started",
      at: "missing",
      missing: [
        { index: 0, status: 0 },
        { index: 1, status: null },
        { index: 2, status: 1 },
      ],
      missingCount: 60,
    };
    const { causes } = observed([], { barrier });
    assert.match(causes[0], /^runner 0 of 2 .* store http:\/\/influxdb\.load\.svc:8086/);
    assert.match(causes[1], /^runner 1 of 2 is not to be reached/);
    assert.match(causes[2], /^runner 2 of 2 is still making its VUs .*\(k6 status 1\)/);
    assert.equal(causes[3], "57 more runners were not ready.");
    const setup = observed([], {
      barrier: { "pulumi-k6": "not-started", at: "setup", missing: [], missingCount: 0, cause: "Error: no shop\n at x" },
    });
    assert.deepEqual(setup.causes, [
      "setup() failed in runner 0, so no runner was started: Error: no shop. Correct setup(), or look at what it asks.",
    ]);
  });

  it("says whom the barrier waits for, where Kubernetes does not know", () => {
    const barrier: BarrierLine = {
      "pulumi-k6": "waiting",
      missing: [
        { index: 0, status: 0 },
        { index: 1, status: null },
      ],
    };
    const up = observed([pod(0, ready), pod(1, ready)], { barrier });
    assert.match(up.causes[0] ?? "", /^runner 0 of 2 answers but is held up/);
    assert.match(up.causes[1] ?? "", /^runner 1 of 2 is not to be reached/);
    assert.match(
      progressLine(inputs, up),
      /^all 2 runners are up, preparing VUs and setup; runner 0 of 2 answers but is held up/,
    );
    assert.equal(observed([pod(0, ready), pod(1, { phase: "Pending" })], { barrier }).causes.length, 1);
  });

  it("tells what keeps a pod from running that is no runner, until the run has started", () => {
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    const status: V1PodStatus = { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] };
    const helper: V1Pod = { ...pod(0, status), metadata: { name: "checkout-3f9a1c2e-initializer-x7k4p" } };
    assert.match(observed([helper]).causes[0] ?? "", /^pod checkout-3f9a1c2e-initializer-x7k4p cannot be scheduled/);
    assert.deepEqual(observed([helper, pod(0, ready), pod(1, ready)], { barrier: started }).causes, []);
  });

  it("does not blame a runner that was stopped because the run was not started", () => {
    const barrier: BarrierLine = {
      "pulumi-k6": "not-started",
      at: "setup",
      missing: [],
      missingCount: 0,
      cause: "Error: no shop",
    };
    const [runner] = observed([pod(0, { phase: "Failed", containerStatuses: ended(103) })], { barrier }).runners;
    assert.match(runner.cause ?? "", /was stopped, since the run was not started\.$/);
  });

  it("reads Kubernetes' lists of indexes", () => {
    const has = [0, 1, 2, 3, 4, 5, 6].filter((index) => hasIndex("1,3-5", index));
    assert.deepEqual(has, [1, 3, 4, 5]);
    assert.equal(hasIndex(undefined, 0), false);
    assert.equal(hasIndex("", 0), false);
  });
});

describe("the progress of a run", () => {
  const line = (...args: Parameters<typeof observed>) => progressLine(inputs, observed(...args));

  it("says what is waited for", () => {
    assert.equal(line([pod(0, ready)]), "starting pods, ready 1/2");
    const stuck = pod(1, {
      phase: "Pending",
      containerStatuses: container({ waiting: { reason: "ErrImagePull", message: "no" } }),
    });
    assert.match(line([pod(0, ready), stuck]), /^starting pods, ready 1\/2; runner 1 of 2 is not up: .* cannot have its image/);
    assert.equal(line([pod(0, ready), pod(1, ready)]), "all 2 runners are up, preparing VUs and setup");
  });

  it("counts who runs and who has ended", () => {
    assert.equal(line([pod(0, ready), pod(1, ready)], { barrier: started }), "running 2/2");
    assert.equal(line([pod(0, done), pod(1, ready)], { barrier: started }), "running 1/2, succeeded 1/2");
    const killed = pod(1, { phase: "Failed", containerStatuses: ended(137, { reason: "OOMKilled" }) });
    assert.match(
      line([pod(0, ready), killed], { barrier: started }),
      /^running 1\/2, failed 1\/2; runner 1 of 2 failed: .*want of memory/,
    );
    assert.equal(line([pod(0, done), pod(1, done)], { barrier: started }), "finished, succeeded 2/2");
  });
});
