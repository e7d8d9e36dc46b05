import { Cluster } from "../../../components/kube/cluster";
import { controllerPod } from "../../../components/operator/controller-pod";
import { privateLoadZoneDefinition } from "../../../components/operator/crds/private-load-zone";
import { testRunDefinition } from "../../../components/operator/crds/test-run";
import { runnerApiPort } from "../../../components/network/platform-rules";
import { defaultImage } from "../../../components/operator/image";
import { controllerPolicy } from "../../../components/operator/policies";
import { watchRules } from "../../../components/operator/rbac";
import { ensureTestRunKind } from "../../simulator/crd";
import { startSimulator } from "../../simulator/simulator";
import { apply, kubectl } from "./bench";

/** What acts on TestRuns in a test: the simulator, or with `OPERATOR=real` k6-operator itself. */
export interface TestOperator {
  title: string;
  /** Starts to act in a namespace. */
  start(kubeconfig: string, namespace: string): Promise<void>;
  stop(): Promise<void>;
}

export function testOperator(): TestOperator {
  return process.env["OPERATOR"] === "real" ? realOperator() : simulatedOperator();
}

function simulatedOperator(): TestOperator {
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  return {
    title: "simulated k6-operator",
    async start(kubeconfig, namespace) {
      await ensureTestRunKind(Cluster.connect({ kubeconfig }));
      await apply([openToSimulator(namespace)]);
      simulator = await startSimulator({ kubeconfig, namespaces: [namespace] });
    },
    stop: () => simulator.stop(),
  };
}

/** The simulator is no pod that a policy could name: it asks runners from outside the cluster. */
export function openToSimulator(namespace: string): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "simulator", namespace },
    spec: {
      podSelector: { matchLabels: { app: "k6", runner: "true" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: runnerApiPort }] }],
    },
  };
}

const labels = { app: "k6-operator" };

function realOperator(): TestOperator {
  return {
    title: `k6-operator itself (${defaultImage})`,
    async start(_kubeconfig, namespace) {
      await apply([testRunDefinition, privateLoadZoneDefinition]);
      await kubectl(["wait", "--for=condition=Established", "crd/testruns.k6.io", "crd/privateloadzones.k6.io", "--timeout=30s"]);
      await apply(controllerObjects(namespace));
      await kubectl(["-n", namespace, "rollout", "status", "deployment/k6-operator", "--timeout=90s"]);
    },
    // It goes with its namespace.
    stop: () => Promise.resolve(),
  };
}

function controllerObjects(namespace: string): object[] {
  const metadata = { name: "k6-operator", namespace };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name };
  const spec = controllerPod({
    image: defaultImage,
    serviceAccountName: metadata.name,
    watchNamespaces: namespace,
    hasLeaderElection: false,
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
    labels,
  });
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules: watchRules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef,
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    },
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec: controllerPolicy(labels, [namespace]) },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  ];
}
