import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as k8s from "@kubernetes/client-node";
import { Cluster } from "../../../components/kube/cluster";
import { labEnvironment } from "../../../lab/env";
import { ensureTestRunKind } from "../../simulator/crd";
import type { Faults } from "../../simulator/faults";
import { selectorOf } from "../../simulator/labels";
import { observeStages, type StageObserver } from "../../simulator/observe";
import { type Simulator, startSimulator } from "../../simulator/simulator";
import { type TestRun, testRunResource, type TestRunSpec } from "../../simulator/test-run";

const image = "lab.local/k6:1.1.0";

/** Asks the runner's own API, which every runner can reach, and says at its end when it began and how much it did. */
const script = `import http from "k6/http";
import { sleep } from "k6";
export const options = { vus: 4, duration: "4s" };
export function setup() { return { startedAt: Date.now() }; }
export default function () { http.get("http://127.0.0.1:6565/v1/status"); sleep(0.1); }
export function handleSummary({ setup_data, metrics }) {
  return { stdout: "SUMMARY " + JSON.stringify({ startedAt: setup_data.startedAt, requests: metrics.http_reqs.values.count }) + "\\n" };
}`;

describe("the simulated k6-operator in the lab", function () {
  this.timeout(90_000);
  const namespace = `simulator-${Date.now().toString(36)}`;
  let kubeconfig: string;
  let cluster: Cluster;
  let objects: k8s.CustomObjectsApi;
  let stages: StageObserver;
  let simulators: Simulator[];

  before(async () => {
    kubeconfig = labEnvironment()["KUBECONFIG"];
    cluster = Cluster.connect({ kubeconfig });
    objects = cluster.config.makeApiClient(k8s.CustomObjectsApi);
    await ensureTestRunKind(cluster);
    await cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    await cluster.core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name: "script" }, data: { "main.js": script } },
    });
    stages = observeStages(cluster, namespace);
  });

  beforeEach(() => (simulators = []));

  afterEach(() => Promise.all(simulators.map((simulator) => simulator.stop())));

  after(async () => {
    await stages.stop();
    await cluster.core.deleteNamespace({ name: namespace });
  });

  async function simulate(faults?: Faults): Promise<Simulator> {
    const simulator = await startSimulator({ kubeconfig, namespaces: [namespace], faults });
    simulators.push(simulator);
    return simulator;
  }

  async function apply(name: string, spec: Partial<TestRunSpec> = {}): Promise<void> {
    const pod = { image, imagePullPolicy: "IfNotPresent", readinessProbe: { tcpSocket: { port: 6565 }, periodSeconds: 1 } };
    const body = {
      apiVersion: "k6.io/v1alpha1",
      kind: "TestRun",
      metadata: { name },
      spec: {
        script: { configMap: { name: "script", file: "main.js" } },
        parallelism: 2,
        runner: pod,
        starter: { image, imagePullPolicy: "IfNotPresent", resources: { limits: { cpu: "500m" } } },
        ...spec,
      },
    };
    await objects.createNamespacedCustomObject({ ...testRunResource, namespace, body });
  }

  async function logsOf(labels: Record<string, string>): Promise<string[]> {
    const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: selectorOf(labels) });
    return Promise.all(items.map((pod) => cluster.core.readNamespacedPodLog({ namespace, name: pod.metadata!.name! })));
  }

  it("takes a run of two runners through all stages, and they start only when the starter lets them", async () => {
    await simulate();
    await apply("whole");
    await stages.reached("whole", "finished");
    assert.deepEqual(
      stages.of("whole").filter((stage) => stage !== "stopped"),
      ["initialization", "initialized", "created", "started", "finished"],
    );

    const [starterLog] = await logsOf({ k6_cr: "whole", "job-name": "whole-starter" });
    assert.deepEqual(
      [...starterLog.matchAll(/"http_code":(\d+)/g)].map(([, code]) => code),
      ["200", "200"],
    );

    const summaries = (await logsOf({ k6_cr: "whole", runner: "true" })).map((log) => {
      return JSON.parse(/SUMMARY (.*)/.exec(log)?.[1] ?? "{}") as { startedAt: number; requests: number };
    });
    assert.equal(summaries.length, 2);
    for (const { startedAt, requests } of summaries) {
      // Half of 4 VUs for 4 s with pauses of 0.1 s: about 80, fewer where the machine is busy.
      assert.ok(requests > 20 && requests <= 82, `${requests} requests`);
      assert.ok(startedAt > stages.at("whole", "started")! - 1000, "started before the starter");
    }
  });

  it("leaves nothing of a run whose TestRun is deleted", async () => {
    await objects.deleteNamespacedCustomObject({ ...testRunResource, namespace, name: "whole", propagationPolicy: "Foreground" });
    // Up to half a minute: Kubernetes' garbage collector first has to learn of a new kind.
    await stages.gone("whole");
    const labelSelector = "k6_cr=whole";
    const left = await Promise.all([
      cluster.core.listNamespacedPod({ namespace, labelSelector }),
      cluster.core.listNamespacedService({ namespace, labelSelector }),
      cluster.batch.listNamespacedJob({ namespace, labelSelector }),
    ]);
    assert.deepEqual(
      left.map(({ items }) => items.length),
      [0, 0, 0],
    );
  });

  it("shows `started` over runners that are paused when the starter is blocked", async () => {
    await simulate({ blockedStarter: true });
    await apply("blocked", { args: ["--duration", "2s"] });
    await stages.reached("blocked", "started");
    await sleep(4000);
    assert.equal(stages.of("blocked").at(-1), "started");
    const { items } = await cluster.core.listNamespacedService({ namespace, labelSelector: "k6_cr=blocked" });
    assert.equal(items.length, 2);
    for (const { spec } of items) {
      const answer = await fetch(`http://${spec?.clusterIP}:6565/v1/status`);
      const { data } = (await answer.json()) as { data: { attributes: { paused: boolean; running: boolean } } };
      assert.deepEqual(data.attributes.paused, true);
    }
  });

  it("moves no run while it is frozen, and all of them afterwards", async () => {
    const simulator = await simulate({ frozen: true });
    await apply("frozen-1", { args: ["positional"] });
    await apply("frozen-2", { args: ["positional"] });
    await sleep(2000);
    assert.deepEqual([stages.of("frozen-1"), stages.of("frozen-2")], [[], []]);
    simulator.inject({});
    await Promise.all([stages.reached("frozen-1", "error"), stages.reached("frozen-2", "error")]);
    const { status } = (await objects.getNamespacedCustomObject({ ...testRunResource, namespace, name: "frozen-1" })) as TestRun;
    assert.equal(status?.conditions, undefined);
  });

  it("ends in `error` with more runners than VUs", async () => {
    await simulate();
    await apply("crowded", { parallelism: 5 });
    await stages.reached("crowded", "error");
    assert.deepEqual(stages.of("crowded"), ["initialization", "error"]);
  });

  it("deletes a TestRun that asks for it once it has ended", async () => {
    await simulate();
    await apply("swept", { args: ["positional"], cleanup: "post" });
    await stages.reached("swept", "error");
    await stages.gone("swept");
  });

  it("does not see the TestRuns of a namespace that it is told to ignore", async () => {
    await simulate({ ignoreNamespace: namespace });
    await apply("unseen", { args: ["positional"] });
    await sleep(2000);
    assert.deepEqual(stages.of("unseen"), []);
  });

  it("leaves a run in the stage that it is told to, and takes it up when the fault is gone", async () => {
    const simulator = await simulate({ leaveInStage: "initialized" });
    await apply("left", { parallelism: 1, initializer: { disabled: true } });
    await stages.reached("left", "initialized");
    await sleep(1500);
    assert.deepEqual(stages.of("left"), ["initialized"]);
    simulator.inject({});
    await stages.reached("left", "created");
  });

  it("leaves a run in `initialized` for ever when it dies between the runners and the status", async () => {
    const dying = await simulate({ crash: "created" });
    await apply("orphaned", { initializer: { image, disabled: true } });
    await stages.reached("orphaned", "initialized");
    await sleep(1500);
    assert.equal(dying.hasCrashed, true);
    const next = await simulate();
    await sleep(1500);
    assert.match(next.log.join("\n"), /orphaned: job with the name orphaned-1 exists/);
    assert.deepEqual(stages.of("orphaned"), ["initialized"]);
  });
});
