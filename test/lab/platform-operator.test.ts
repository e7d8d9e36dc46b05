import assert from "node:assert/strict";
import { join } from "node:path";
import { orUndefined, type Cluster } from "../../components/kube/cluster";
import { labelKeys } from "../../components/kube/labels";
import { TestRuns } from "../../components/kube/test-runs";
import { labEnvironment } from "../../lab/env";
import { ensureTestRunKind } from "../simulator/crd";
import { startSimulator, type Simulator } from "../simulator/simulator";
import { apply } from "./engines/bench";
import { openToSimulator } from "./engines/operators";
import { kubectl } from "./support/objects";
import { platformSettings, type GivenLoadTest, type GivenSettings } from "./support/settings";
import { labCluster } from "./support/shared";
import { LabStack } from "./support/stack";
import { loadStandinOperator, standinImage } from "./support/standin-operator";

const namespace = "load-tests-operated";
const theirs = "their-operator";
const bystander = "bystander";

/** Asks the runner's own API, so that no target is needed. */
const script = `import http from "k6/http";
export const options = {
  scenarios: { steady: { executor: "constant-arrival-rate", rate: 10, duration: "3s", preAllocatedVUs: 4 } },
};
export default function () {
  http.get("http://127.0.0.1:6565/v1/status", { tags: { name: "own" } });
}
`;

describe("a stack with a k6-operator (a stand-in for its controller, the simulator for what it does)", function () {
  this.timeout(180_000);
  let stack: LabStack;
  let cluster: Cluster;
  let simulator: Simulator | undefined;
  let settings: GivenSettings;

  before(async () => {
    stack = await LabStack.open("operated");
    cluster = labCluster();
    await loadStandinOperator();
    await ensureTestRunKind(cluster);
    const kubeconfig = labEnvironment()["KUBECONFIG"];
    simulator = await startSimulator({ kubeconfig, namespaces: [namespace] });
    const usual = platformSettings(join(stack.folder, "reports"));
    const images = { ...usual.images, k6Operator: standinImage, starter: usual.images?.k6 };
    settings = { ...usual, demoTarget: undefined, images, platform: { ...usual.platform, namespace, operator: {} } };
    await apply(bystanderObjects);
  });

  after(async () => {
    const { exitCode, output } = await stack.destroy();
    await simulator?.stop();
    await kubectl("delete", "namespace", bystander, theirs, "--ignore-not-found");
    assert.equal(exitCode, 0, output);
    await stack.close();
  });

  it("is up once its operator was seen to react to a TestRun", async () => {
    await up({});
    const { spec } = await cluster.apps.readNamespacedDeployment({
      namespace: `${namespace}-operator`,
      name: "platform-operator",
    });
    assert.equal(spec?.template.spec?.containers[0].env?.[0].value, namespace, "it watches the platform's namespace");
    assert.match(simulator?.log.join("\n") ?? "", /pulumi-k6-canary-.*invalid value for k6 CLI argument/);
    // The simulator is no pod, and so no policy of the platform is for it.
    await apply([openToSimulator(namespace)]);
  });

  it("runs load tests by it, and by Kubernetes alone where they say so", async () => {
    const file = await stack.script("own.js", script);
    await up({ operated: loadTest(file), plain: { ...loadTest(file), engine: "job" } });
    const { runs } = await stack.state();
    const [operated, plain] = ["operated", "plain"].map((test) => runs.find((run) => run.test === test));
    assert.deepEqual([operated?.verdict, plain?.verdict], ["pass", "pass"], JSON.stringify(runs.map(({ reasons }) => reasons)));
    const found = await new TestRuns(cluster).list(namespace, operated!.run);
    assert.equal(found.items.length, 1);
    assert.equal((await new TestRuns(cluster).list(namespace, plain!.run)).items.length, 0);
  });

  it("has no changes to show, also after everything was read anew with what the server filled in", async () => {
    await unchanged("preview");
    await unchanged("refresh", "--yes", "--skip-preview");
    await unchanged("preview");
  });

  it("can use an operator that is already there instead, which the runners then let in", async () => {
    await apply(theirObjects);
    await kubectl("-n", theirs, "rollout", "status", "deployment/ops", "--timeout=60s");
    const images = { ...settings.images, k6Operator: undefined };
    settings = { ...settings, images, platform: { ...settings.platform, operator: { adopt: true, namespace: theirs } } };
    const file = await stack.script("own.js", script);
    await up({ operated: { ...loadTest(file), trigger: "adopted" } });
    const { verdict, reasons } = await stack.run();
    assert.equal(verdict, "pass", reasons.join(" "));
    const policy = await kubectl("-n", namespace, "get", "networkpolicy", `${theirs}-platform-operator-runners`, "-o", "json");
    assert.match(policy, /"matchLabels": \{\s+"app": "ops"/);
    await unchanged("preview");
  });

  it("leaves other people's TestRuns alone when it goes", async () => {
    const { exitCode, output } = await stack.destroy();
    assert.equal(exitCode, 0, output);
    assert.equal(await orUndefined(cluster.core.readNamespace({ name: namespace })), undefined);
    assert.match(await kubectl("-n", bystander, "get", "testrun", "waiting", "-o", "name"), /testrun.*waiting/);
  });

  async function up(loadTests: Record<string, GivenLoadTest>): Promise<void> {
    settings = { ...settings, loadTests };
    const { exitCode, output } = await stack.upWith(settings);
    assert.equal(exitCode, 0, output);
  }

  async function unchanged(...command: string[]): Promise<void> {
    const file = join(stack.folder, "settings.yaml");
    const { exitCode, output } = await stack.pulumi(
      ...command,
      "--config-file",
      file,
      "--expect-no-changes",
      "--non-interactive",
      "--diff",
    );
    assert.equal(exitCode, 0, output);
  }
});

function loadTest(file: string): GivenLoadTest {
  return {
    script: file,
    runners: 2,
    resources: { cpu: "200m", memory: "128Mi" },
    startDeadlineSeconds: 90,
    deadlineSeconds: 180,
    thresholds: { http_req_failed: ["rate<0.01"] },
    // Busy machines start runners less evenly and reach a rate later; neither is what is looked at here.
    limits: { startSkewMs: 10_000, droppedIterationsRatio: 0.3 },
  };
}

/** Somebody else's TestRun, in a namespace that no operator watches. */
const bystanderObjects = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: bystander } },
  {
    apiVersion: "k6.io/v1alpha1",
    kind: "TestRun",
    metadata: { name: "waiting", namespace: bystander },
    spec: { parallelism: 1, script: { configMap: { name: "none" } } },
  },
];

const labels = { app: "ops" };

/** An operator that somebody else installed. */
const theirObjects = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: theirs } },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "ops", namespace: theirs, labels: { [labelKeys.name]: "k6-operator" } },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "manager", image: standinImage }] } },
    },
  },
];
