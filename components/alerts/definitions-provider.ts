// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { CustomObjectsApi } from "@kubernetes/client-node";
import { Cluster, type ClusterAccess, orUndefined } from "../kube/cluster";
import { changed, plain, unknownValue } from "../state-values";

/** What the question is asked with, as plain values. */
export type DefinitionsInputs = ClusterAccess;

/** One reason why what is wished cannot be. */
export interface CheckFailure {
  property: string;
  reason: string;
}

const group = "monitoring.coreos.com";
const version = "v1";
const wanted = ["PrometheusRule", "PodMonitor"];

/** Is called in a preview too, and before anything is created. A cluster that does not answer then is asked again by `create`. */
export async function check(news: DefinitionsInputs): Promise<{ inputs: DefinitionsInputs; failures?: CheckFailure[] }> {
  if (Object.values(news).includes(unknownValue)) {
    return { inputs: news };
  }
  const problem = await problemOf(news).catch(() => undefined);
  return problem === undefined ? { inputs: news } : { inputs: news, failures: [{ property: "alerts", reason: problem }] };
}

export async function create(inputs: DefinitionsInputs): Promise<{ id: string; outs: DefinitionsInputs }> {
  const problem = await problemOf(inputs);
  if (problem !== undefined) {
    throw new Error(`alerts: ${problem}`);
  }
  return { id: `${group}/${version}`, outs: plain(inputs) };
}

/** By another way the same is asked again. */
export async function update(news: DefinitionsInputs): Promise<{ outs: DefinitionsInputs }> {
  return { outs: (await create(news)).outs };
}

export function diff(olds: DefinitionsInputs, news: DefinitionsInputs): { changes: boolean } {
  return { changes: changed(["kubeconfig", "context"], olds, news).length > 0 };
}

async function problemOf({ kubeconfig, context }: DefinitionsInputs): Promise<string | undefined> {
  const cluster = Cluster.connect(plain({ kubeconfig, context }));
  const api = cluster.config.makeApiClient(CustomObjectsApi);
  const found = await orUndefined(api.getAPIResources({ group, version }));
  const kinds = found?.resources.map(({ kind }) => kind) ?? [];
  return missingKinds(
    wanted.filter((kind) => !kinds.includes(kind)),
    cluster.config.getCurrentContext(),
  );
}

function missingKinds(missing: readonly string[], context: string): string | undefined {
  return missing.length === 0
    ? undefined
    : `are wished, and the cluster of context ${context} does not know ${missing.join(" and ")} (${group}/${version}). Install ` +
        "prometheus-operator, which brings them (kube-prometheus-stack has it), or leave `alerts` out.";
}
