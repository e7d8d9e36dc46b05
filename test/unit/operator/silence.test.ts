import assert from "node:assert/strict";
import { errorLines, type Evidence, longestReconcileIn } from "../../../components/operator/evidence";
import { silenceCause } from "../../../components/operator/silence";

const readyPod = { name: "op-1", phase: "Running", restarts: 0, isReady: true };
const quiet: Evidence = { pods: [readyPod], errors: [], starting: [] };

function causeOf(evidence: Partial<Evidence>, controller: { watched?: string[]; replicas?: number } = {}): string {
  return silenceCause({
    controller: { name: "ops/op", replicas: 1, ...controller },
    namespace: "load",
    waitedSeconds: 60,
    evidence: { ...quiet, ...evidence },
  });
}

describe("the cause of an operator's silence", () => {
  const cases: [string, string, RegExp][] = [
    ["it is scaled to nothing", causeOf({ pods: [] }, { replicas: 0 }), /scaled to 0\. Scale it to 1/],
    ["its pods are refused", causeOf({ pods: [] }), /no pods.*quota and Pod Security/],
    [
      "its image cannot be pulled",
      causeOf({ pods: [{ ...readyPod, isReady: false, phase: "Pending", waiting: "ErrImagePull: not found" }] }),
      /pod op-1 is not ready \(ErrImagePull: not found, 0 restarts\)\.$/,
    ],
    [
      "an object poisons it",
      causeOf({ errors: ["failed to list *v1alpha1.TestRun: json: cannot unmarshal string into Go struct field"] }),
      /cannot read an object of its kinds.*cannot unmarshal string.*Delete that object/,
    ],
    [
      "it lacks a right",
      causeOf({
        errors: ['failed to list *v1alpha1.PrivateLoadZone: privateloadzones.k6.io is forbidden: User "x" cannot list'],
      }),
      /lacks a right: .*privateloadzones\.k6\.io is forbidden/,
    ],
    [
      "another run holds it",
      causeOf({ longestReconcileSeconds: 27.3, starting: ["load/blocked"] }),
      /busy with one TestRun for 27 s.*port 6565: load\/blocked/,
    ],
    ["nothing is known", causeOf({}), /says it is ready\. Its log tells of no error\. Look at whether it watches load/],
    ["nothing is known but that it watches", causeOf({}, { watched: ["load"] }), /watches load\..*Look at its rights/],
  ];
  for (const [what, sentence, expected] of cases) {
    it(`is told when ${what}`, () => {
      assert.match(sentence, /^operator ops\/op: did not react to a TestRun in namespace load within 60 s: /);
      assert.match(sentence, expected);
    });
  }
});

describe("the evidence in a controller's log and metrics", () => {
  it("is what the last different errors say, without their times and without what the proof itself caused", () => {
    const log = [
      "2026-11-24T08:24:03.083Z\tINFO\tsetup\tstarting manager",
      '2026-11-24T08:24:20.000Z\tERROR\tcontrollers.TestRun\tInvalid TestRun\t{"name": "pulumi-k6-canary-e010272b", "error": "an invalid value"}',
      '2026-11-24T08:24:21.153Z\tERROR\tReconciler error\t{"controller": "testrun"}',
      '2026-11-24T08:24:22.000Z\tERROR\tcache\tFailed to watch\t{"type": "*v1.Job", "error": "jobs.batch is forbidden: User \\"a\\" cannot list"}',
      '2026-11-24T08:24:25.000Z\tERROR\tcache\tFailed to watch\t{"type": "*v1.Job", "error": "jobs.batch is forbidden: User \\"a\\" cannot list"}',
    ].join("\n");
    assert.deepEqual(errorLines(log), [
      'Reconciler error {"controller": "testrun"}',
      'jobs.batch is forbidden: User "a" cannot list',
    ]);
  });

  it("is how long the controller of TestRuns has been busy, not the other one", () => {
    const metrics = [
      'workqueue_longest_running_processor_seconds{controller="privateloadzone",name="privateloadzone"} 3',
      'workqueue_longest_running_processor_seconds{controller="testrun",name="testrun"} 27.5',
    ].join("\n");
    assert.equal(longestReconcileIn(metrics), 27.5);
    assert.equal(longestReconcileIn("go_goroutines 5"), undefined);
  });
});
