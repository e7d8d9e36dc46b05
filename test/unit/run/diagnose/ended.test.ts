import assert from "node:assert/strict";
import type { V1Pod, V1PodCondition } from "@kubernetes/client-node";
import { failedCause, lostCause } from "../../../../components/run/diagnose/ended";
import { runInputs } from "../../../support/run-inputs";
import { warning } from "../engines/facts";

const inputs = runInputs();
const name = `${inputs.run}-1-x7k4p`;
const pod = (status: V1Pod["status"] = {}): V1Pod => ({
  metadata: { name },
  spec: { nodeName: "node-a", containers: [] },
  status,
});
const disrupted = (reason: string, message: string): V1PodCondition[] => [
  { type: "DisruptionTarget", status: "True", reason, message },
];

describe("a runner that was lost", () => {
  const cases: [string, V1Pod, RegExp][] = [
    ["deleted", pod(), /was deleted on node node-a, by a person or a program/],
    [
      "evicted by request",
      pod({ conditions: disrupted("EvictionByEvictionAPI", "Eviction API: evicting") }),
      /was evicted on node node-a by request/,
    ],
    [
      "pushed out by a pod of higher priority",
      pod({
        conditions: disrupted("PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"),
      }),
      /made room for one of higher priority on node node-a: .*give runners a higher priority/,
    ],
    [
      "evicted by its node",
      pod({ message: "The node was low on resource: memory.", conditions: disrupted("TerminationByKubelet", "x") }),
      /was evicted by node node-a: The node was low on resource: memory\. Keep/,
    ],
    [
      "taken from a node that is lost",
      pod({ conditions: disrupted("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint") }),
      /was taken away on node node-a \(DeletionByTaintManager\): Taint manager: .*\. Look at the node\./,
    ],
  ];
  for (const [how, lost, expected] of cases) {
    it(`was ${how}`, () => {
      const cause = lostCause(lost, inputs, undefined);
      assert.match(cause, expected);
      assert.match(cause, /Change trigger to run the test again\.$/);
    });
  }

  it("was at its deadline, which the Job's controller keeps by a deletion", () => {
    const job = { status: { conditions: [{ type: "FailureTarget", status: "True", reason: "DeadlineExceeded" }] } };
    assert.match(lostCause(pod(), inputs, job), /was stopped at its deadline of 60 s\. Raise deadlineSeconds/);
  });
});

describe("a runner that was ended by SIGTERM", () => {
  const cause = (finishedAt: string) => {
    const terminated = { exitCode: 105, startedAt: new Date("2026-11-24T08:00:00Z"), finishedAt: new Date(finishedAt) };
    const status = { name: "k6", image: "", imageID: "", ready: false, restartCount: 0, state: { terminated } };
    return failedCause(pod(), status, inputs, { warnings: [] });
  };

  it("was so at its deadline, where it lived that long", () =>
    assert.match(cause("2026-11-24T08:01:00Z"), /was stopped at its deadline of 60 s/));

  it("was so by somebody else, where it did not", () =>
    assert.match(cause("2026-11-24T08:00:50Z"), /exit code 105: stopped by a signal before its end/));
});

describe("a runner that was killed by a signal", () => {
  const status = (exitCode: number) => ({
    ...{ name: "k6", image: "", imageID: "", ready: false, restartCount: 0 },
    state: { terminated: { exitCode, reason: "Error" } },
  });
  const liveness = warning("Pod", "1-x7k4p", "Unhealthy", 'Liveness probe failed: Get "http://10.0.0.7:6565/v1/status": timeout');
  const readiness = warning("Pod", "1-x7k4p", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404");
  const cause = (exitCode: number, ...warnings: (typeof liveness)[]) =>
    failedCause(pod(), status(exitCode), inputs, { warnings });

  for (const exitCode of [105, 137, 143]) {
    it(`was so by its liveness probe, where that had failed (exit code ${exitCode})`, () =>
      assert.match(
        cause(exitCode, liveness, readiness),
        /was killed by its liveness probe on node node-a: Get .*timeout\. k6 had too little CPU/,
      ));
  }

  it("was not so by a readiness probe", () =>
    assert.match(cause(137, readiness), /exit code 137: killed \(SIGKILL\)\. Look at the events/));

  it("was not so where k6 ended by itself", () => assert.match(cause(107, liveness), /exit code 107: the script threw/));
});
