// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { type ClusterAccess, Cluster } from "../kube/cluster";
import { sendCanary } from "./canary";
import { findController, namespaceProblem, versionOfController } from "./controller";
import { gatherEvidence } from "./evidence";
import { versionProblem } from "./image";
import { silenceCause } from "./silence";

/** What the proof is given, as plain values. */
export interface ReadyInputs extends ClusterAccess {
  /** Namespace of the operator. */
  namespace: string;
  /** Name of the operator's Deployment; empty: the one in the namespace that runs k6-operator. */
  deployment: string;
  /** Empty: by the image. */
  statedVersion: string;
  /** Namespaces in which the operator must react. */
  namespaces: string[];
  timeoutSeconds: number;
  /** Any text; another one means that what runs may be another thing, so that it is proved again. */
  rollout: string;
}

/** What it gives: the inputs and what was found. */
export interface ReadyOutputs extends ReadyInputs {
  image: string;
  version: string;
  /** Labels by which its pods are known. */
  podLabels: Record<string, string>;
}

export async function create(inputs: ReadyInputs): Promise<{ id: string; outs: ReadyOutputs }> {
  return { id: `${inputs.namespace}/${inputs.deployment}`, outs: await prove(inputs) };
}

export async function update(news: ReadyInputs): Promise<{ outs: ReadyOutputs }> {
  return { outs: await prove(news) };
}

/** How the cluster is reached and how long to wait prove nothing, but are taken over. */
export function diff(olds: ReadyOutputs, news: ReadyInputs): { changes: boolean } {
  const keys = Object.keys({ ...inputsOf(olds), ...inputsOf(news) }) as (keyof ReadyInputs)[];
  return { changes: keys.some((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key])) };
}

/** @returns no id where the operator is gone, so that it is looked for again */
export async function read(
  id: string,
  props: ReadyOutputs,
): Promise<{ id?: string; props?: ReadyOutputs; inputs?: ReadyInputs }> {
  const found = await findController(Cluster.connect(props), props);
  if ("problem" in found) {
    return {};
  }
  const { image, selector: podLabels } = found.controller;
  const version = versionOfController(found.controller, props.statedVersion) ?? props.version;
  return { id, props: { ...inputsOf(props), image, version, podLabels }, inputs: inputsOf(props) };
}

async function prove(inputs: ReadyInputs): Promise<ReadyOutputs> {
  const cluster = Cluster.connect(inputs);
  const found = await findController(cluster, inputs);
  if ("problem" in found) {
    throw new Error(found.problem);
  }
  const { controller } = found;
  const version = versionOfController(controller, inputs.statedVersion);
  if (version === undefined) {
    throw new Error(
      `operator ${controller.name}: its image ${controller.image} does not tell a version. Say it with \`version\`.`,
    );
  }
  const problems = [versionProblem(version), ...inputs.namespaces.map((namespace) => namespaceProblem(controller, namespace))];
  const told = problems.filter((problem) => problem !== undefined);
  if (told.length > 0) {
    throw new Error(`operator ${controller.name}: ${told.join(" ")}`);
  }
  const silent = await Promise.all(
    inputs.namespaces.map(async (namespace) => ({
      namespace,
      ...(await sendCanary(cluster, namespace, inputs.timeoutSeconds * 1000)),
    })),
  );
  const first = silent.find(({ isAnswered }) => !isAnswered);
  if (first !== undefined) {
    const evidence = await gatherEvidence(cluster, controller, inputs.namespaces);
    throw new Error(silenceCause({ controller, namespace: first.namespace, waitedSeconds: inputs.timeoutSeconds, evidence }));
  }
  return { ...inputsOf(inputs), image: controller.image, version, podLabels: controller.selector };
}

function inputsOf({ kubeconfig, context, ...inputs }: ReadyInputs): ReadyInputs {
  const { namespace, deployment, statedVersion, namespaces, timeoutSeconds, rollout } = inputs;
  return {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    namespace,
    deployment,
    statedVersion,
    namespaces,
    timeoutSeconds,
    rollout,
  };
}
