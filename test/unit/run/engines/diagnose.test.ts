import assert from "node:assert/strict";
import { allReady, initializerCause, operatorSuspicions } from "../../../../components/run/engines/operator/diagnose";
import type { RunFacts } from "../../../../components/run/observe";
import { job, operatorInputs, podOfJob, readyPod, seen, waiting, warning } from "./facts";

describe("what k6 said as it read the script for k6-operator", () => {
  const pod = (exitCode: number) =>
    podOfJob("initializer", {
      containerStatuses: [{ ...waiting("x").containerStatuses![0], state: { terminated: { exitCode } } }],
    });

  it("is told in the author's words", () => {
    const log =
      'time="x" level=error msg="ReferenceError: x is not defined\\n\\tat file:///test/script.js:3:1(9)\\n" hint="script exception"\n';
    assert.match(
      initializerCause(pod(1), log, operatorInputs),
      /pod checkout-3f9a1c2e-initializer-x7k4p\) could not read the script: ReferenceError: x is not defined at checkout\.js:3:1\. Correct the script\.$/,
    );
  });

  it("is no error where the operator refuses a script with fewer VUs than runners", () =>
    assert.match(initializerCause(pod(0), "{}", operatorInputs), /fewer VUs than the 2 runners\. Lower runners/));
});

describe("what keeps k6-operator from starting a run", () => {
  const failed = { phase: "Failed", containerStatuses: waiting("x").containerStatuses };
  const cases: [string, RunFacts, number, RegExp | undefined][] = [
    [
      "a TestRun that nobody sees",
      seen(""),
      20,
      /did not react to TestRun load\/checkout-3f9a1c2e within 20 s.*WATCH_NAMESPACES/,
    ],
    [
      "a TestRun that somebody deleted",
      { ...seen("created"), testRun: { stage: "created", isDeleted: true } },
      0,
      /somebody deleted its TestRun/,
    ],
    ["runner Jobs that are not all made", seen("initialized", { jobs: [job("1")] }), 15, /made 1 of 2 runner Jobs.*count\/jobs/],
    [
      "a starter that is not made",
      seen("created", { pods: [podOfJob("1", readyPod), podOfJob("2", readyPod)], jobs: [job("1"), job("2")] }),
      15,
      /all 2 runners are ready, and k6-operator did not make Job checkout-3f9a1c2e-starter/,
    ],
    ["a starter that starts nobody", seen("started", { jobs: [job("starter")] }), 15, /not started 15 s after Job .*-starter/],
    ["stage error", seen("error"), 0, /k6-operator ended it before any load/],
    [
      "an initializer without its ConfigMap",
      seen("initialization", {
        pods: [podOfJob("initializer", { phase: "Pending" })],
        warnings: [warning("Pod", "initializer-x7k4p", "FailedMount", 'configmap "nope" not found')],
      }),
      8,
      /pod checkout-3f9a1c2e-initializer-x7k4p needs ConfigMap nope, which is not in namespace load/,
    ],
    [
      "an initializer that Kubernetes refuses",
      seen("initialization", { warnings: [warning("Job", "initializer", "FailedCreate", "exceeded quota: load")] }),
      8,
      /Job checkout-3f9a1c2e-initializer has no pod: exceeded quota/,
    ],
    [
      "a starter without its image",
      seen("created", { pods: [podOfJob("starter", waiting("ImagePullBackOff"))] }),
      8,
      /-starter-x7k4p cannot have its image starter:1: so it says\. Correct the image's name/,
    ],
    ["a runner without its image", seen("created", { pods: [podOfJob("2", waiting("ErrImagePull"))] }), 8, undefined],
    [
      "a runner that Kubernetes refuses",
      seen("created", { warnings: [warning("Job", "1", "FailedCreate", "no")] }),
      8,
      undefined,
    ],
    ["a runner that has ended already", seen("created", { pods: [podOfJob("1", failed)] }), 2, undefined],
  ];
  for (const [what, facts, patienceSeconds, cause] of cases) {
    it(`is ${what}, for ${patienceSeconds} s`, () => {
      const suspicions = operatorSuspicions(operatorInputs, facts);
      const found = suspicions.find((one) => one.patienceSeconds === patienceSeconds);
      assert.ok(found !== undefined, JSON.stringify(suspicions));
      if (cause === undefined) {
        // The runner's own cause says it.
        assert.equal(found.cause, undefined);
      } else {
        assert.match(found.cause ?? "", cause);
      }
    });
  }

  const healthy: [string, RunFacts][] = [
    ["the initializer is at work", seen("initialization", { pods: [podOfJob("initializer", { phase: "Pending" })] })],
    ["runners are on their way up", seen("created", { pods: [podOfJob("1", readyPod), podOfJob("2", { phase: "Pending" })] })],
    [
      "a probe came early",
      seen("created", {
        pods: [podOfJob("1", { phase: "Running" })],
        warnings: [warning("Pod", "1-x7k4p", "Unhealthy", "connection refused")],
      }),
    ],
    [
      "a node has not the room yet",
      seen("created", {
        pods: [
          podOfJob("1", { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes" }] }),
        ],
      }),
    ],
    ["the TestRun is not seen yet", { pods: [], deleted: new Set(), warnings: [] }],
  ];
  for (const [what, facts] of healthy) {
    it(`is nothing while ${what}`, () => assert.deepEqual(operatorSuspicions(operatorInputs, facts), []));
  }

  it("counts runners alone as ready", () => {
    const pods = [podOfJob("1", readyPod), podOfJob("starter", readyPod)];
    assert.equal(allReady(operatorInputs, { pods }), false);
    assert.equal(allReady(operatorInputs, { pods: [...pods, podOfJob("2", readyPod)] }), true);
  });
});
