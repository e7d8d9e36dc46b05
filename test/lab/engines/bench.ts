import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import { execa } from "execa";
import { Problems } from "../../../components/errors";
import { Cluster } from "../../../components/kube/cluster";
import { labelKeys, managedBy } from "../../../components/kube/labels";
import { TestRuns } from "../../../components/kube/test-runs";
import { egressRules } from "../../../components/network/targets";
import { definitionManager } from "../../../components/operator/crds/definition";
import { platformPolicies } from "../../../components/network/platform-rules";
import { runnerPolicy, starterPolicy } from "../../../components/operator/policies";
import { execute } from "../../../components/run/execute";
import { configMapContents } from "../../../components/run/harness/files";
import { claimRecord } from "../../../components/run/record";
import { removeRun } from "../../../components/run/remove";
import { formOf } from "../../../components/run/script/form";
import { readScript } from "../../../components/run/script/read";
import type { ScriptSource } from "../../../components/run/script/source";
import type { EngineName, RunInputs, RunState } from "../../../components/run/types";
import { labEnvironment } from "../../../lab/env";
import { runInputs } from "../../support/run-inputs";

export const k6Image = "lab.local/k6:1.1.0";

/** A namespace as a platform has it, restricted and closed, with a target; runs are made in it without Pulumi. */
export class Bench {
  readonly cluster: Cluster;
  readonly kubeconfig = labEnvironment()["KUBECONFIG"];
  /** What runs said about how they go. */
  readonly progress: string[] = [];
  private count = 0;

  constructor(
    readonly namespace: string,
    private readonly engine: EngineName,
    private readonly starterImage = k6Image,
  ) {
    this.cluster = Cluster.connect({ kubeconfig: this.kubeconfig });
  }

  /** Stands everything up; returns when the target answers. */
  async open(): Promise<void> {
    await apply([...platformObjects(this.namespace)]);
    await kubectl(["-n", this.namespace, "rollout", "status", "deployment/target", "--timeout=60s"]);
  }

  async close(): Promise<void> {
    await this.cluster.core.deleteNamespace({ name: this.namespace });
  }

  /** Inputs of a run that nobody has run yet, with its script in a ConfigMap. */
  async inputs(source: string | ScriptSource, change: Partial<RunInputs> = {}): Promise<RunInputs> {
    const { namespace, engine } = this;
    const run = `bench-${(this.count++).toString().padStart(8, "0")}`;
    const problems = new Problems();
    const given = typeof source === "string" ? { inline: source } : source;
    const script = readScript(given, { path: "script", runners: change.runners ?? 2 }, problems);
    problems.throwIfAny("script");
    const contents = configMapContents(script!);
    const names = contents.map((_, i) => (i === 0 ? `${run}-script` : `${run}-script-${i + 1}`));
    for (const [i, content] of contents.entries()) {
      await this.cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: names[i] }, ...content } });
    }
    const target = `http://target.${namespace}.svc:8080`;
    return runInputs({
      ...{ namespace, engine, run, test: "bench", runners: 2, image: k6Image, scriptName: "shop.js" },
      ...(engine === "operator" ? { starterImage: this.starterImage } : {}),
      scriptConfigMap: names[0],
      ...(names.length === 1 ? {} : { moreConfigMaps: names.slice(1) }),
      ...formOf(script!),
      env: { TARGET_URL: target },
      resources: { cpu: "200m", memory: "128Mi" },
      // The samples go to the target, which takes anything: these tests judge by what runners count.
      store: { ...runInputs().store, writeUrl: target, writeSecret: "store-write" },
      ...change,
    });
  }

  /** What a call of Pulumi does, up to the judgement. */
  async execute(inputs: RunInputs, heard: (line: string) => void = () => undefined): Promise<RunState> {
    const record = await claimRecord(this.cluster, inputs);
    return execute(this.cluster, inputs, record, (line) => {
      this.progress.push(line);
      heard(line);
    });
  }

  /** Resolves once a run has said something about itself that looks so. @throws after 60 s */
  async said(run: string, what: RegExp): Promise<void> {
    const until = Date.now() + 60_000;
    while (!this.progress.some((line) => line.startsWith(`run ${run}:`) && what.test(line))) {
      if (Date.now() > until) {
        throw new Error(`run ${run} did not say ${what} within 60 s; it said: ${this.progress.join("\n")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  remove(inputs: RunInputs): Promise<void> {
    return removeRun(this.cluster, inputs);
  }

  async runnerPods({ run }: RunInputs): Promise<V1Pod[]> {
    const labelSelector = `${labelKeys.run}=${run},${labelKeys.role}=runner`;
    return (await this.cluster.core.listNamespacedPod({ namespace: this.namespace, labelSelector })).items;
  }

  /** What the script said in all runners, by `console.log("SAID ...")`. */
  async sayings(inputs: RunInputs): Promise<string[]> {
    const { namespace } = this;
    const logs = await Promise.all(
      (await this.runnerPods(inputs)).map(({ metadata }) =>
        this.cluster.core.readNamespacedPodLog({ namespace, name: metadata!.name! }),
      ),
    );
    return logs.flatMap((log) => [...log.matchAll(/SAID ([^"]*)"/g)].map(([, saying]) => saying));
  }

  /** Names of all that there is of a run. */
  async objectsOf({ run }: RunInputs): Promise<string[]> {
    const { namespace, cluster } = this;
    const which = { namespace, labelSelector: `${labelKeys.run}=${run}` };
    const lists = await Promise.all([
      cluster.batch.listNamespacedJob(which),
      cluster.core.listNamespacedPod(which),
      cluster.core.listNamespacedConfigMap(which),
      cluster.core.listNamespacedService(which),
      cluster.policy.listNamespacedPodDisruptionBudget(which),
      ...(this.engine === "operator" ? [new TestRuns(cluster).list(namespace, run)] : []),
    ]);
    return lists.flatMap(({ items }) => (items as KubernetesObject[]).map(({ metadata }) => metadata?.name ?? ""));
  }
}

export async function apply(objects: object[]): Promise<void> {
  const items = { apiVersion: "v1", kind: "List", items: objects };
  await kubectl(
    ["apply", "--server-side", "--force-conflicts", `--field-manager=${definitionManager}`, "-f", "-"],
    JSON.stringify(items),
  );
}

export async function kubectl(args: string[], input?: string): Promise<string> {
  const { stdout } = await execa("kubectl", args, {
    env: labEnvironment(),
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  return stdout;
}

function platformObjects(namespace: string): object[] {
  const labels = { app: "target" };
  const policy = (name: string, spec: object) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec,
  });
  const restricted = { "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted" };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: restricted } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "store-write", namespace },
      stringData: { username: "k6", password: "k6" },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "target", namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: targetPod } },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "target", namespace },
      spec: { selector: labels, ports: [{ port: 8080 }] },
    },
    policy("default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    ...Object.entries(platformPolicies({ hasGateway: false })).map(([name, spec]) => policy(name, spec)),
    policy("target", { podSelector: { matchLabels: labels }, policyTypes: ["Ingress"], ingress: [{}] }),
    policy("to-target", {
      podSelector: { matchLabels: { ...managedBy, [labelKeys.role]: "runner" } },
      policyTypes: ["Egress"],
      egress: egressRules([{ podLabels: labels, ports: [8080] }]),
    }),
    policy("k6-operator-runners", runnerPolicy({ app: "k6-operator" }, namespace)),
    policy("k6-operator-starters", starterPolicy),
  ];
}

const targetPod = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "target",
      image: "lab.local/target:1",
      readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};
