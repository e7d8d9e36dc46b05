import type { V1Pod } from "@kubernetes/client-node";
import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "../kube/cluster";
import { openTunnel } from "../kube/tunnel";
import { canaryPrefix } from "./canary";
import type { Controller } from "./controller";
import { group, version } from "./crds/definition";

/** What was found around a controller that does not react. What could not be looked at is left out. */
export interface Evidence {
  pods: { name: string; phase: string; waiting?: string; restarts: number; isReady: boolean }[];
  /** What the last different errors in the log say. */
  errors: string[];
  /** How long the controller has been busy with one TestRun, seconds. */
  longestReconcileSeconds?: number;
  /** TestRuns in the watched namespaces that hold the controller while they start, `<namespace>/<name>`. */
  starting: string[];
}

const logLines = 200;
const keptErrors = 3;
const errorLength = 400;
const metricsTimeoutMs = 5000;

/** Looks at a controller's pods, log and metrics, and at the TestRuns that it may be busy with. */
export async function gatherEvidence(cluster: Cluster, controller: Controller, namespaces: string[]): Promise<Evidence> {
  const { namespace, selector } = controller;
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector });
  const [errors, longestReconcileSeconds, starting] = await Promise.all([
    tolerant(() => logErrors(cluster, items), []),
    tolerant(() => longestReconcile(cluster, controller), undefined),
    tolerant(() => startingRuns(cluster, namespaces), []),
  ]);
  return {
    pods: items.map(podEvidence),
    errors,
    starting,
    ...(longestReconcileSeconds === undefined ? {} : { longestReconcileSeconds }),
  };
}

/** Evidence is what can be had: rights may be missing, and the controller may be gone. */
async function tolerant<T>(look: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await look();
  } catch {
    return otherwise;
  }
}

function podEvidence({ metadata, status }: V1Pod): Evidence["pods"][number] {
  const container = status?.containerStatuses?.[0];
  const { waiting } = container?.state ?? {};
  return {
    name: metadata?.name ?? "",
    phase: status?.phase ?? "unknown",
    ...(waiting === undefined ? {} : { waiting: [waiting.reason, waiting.message].filter(Boolean).join(": ") }),
    restarts: container?.restartCount ?? 0,
    isReady: container?.ready ?? false,
  };
}

async function logErrors(cluster: Cluster, pods: V1Pod[]): Promise<string[]> {
  const [pod] = pods;
  if (pod?.metadata?.name === undefined) {
    return [];
  }
  const { name, namespace = "" } = pod.metadata;
  const log = await cluster.core.readNamespacedPodLog({ name, namespace, tailLines: logLines });
  return errorLines(log);
}

/** What the last few different errors in a controller's log say. */
export function errorLines(log: string): string[] {
  const told = log.split("\n").flatMap((line) => {
    // Fields are separated by tabs, and the last one is JSON with the error itself.
    const text = /\tERROR\t(.+)$/.exec(line)?.[1].replaceAll("\t", " ");
    return text === undefined || text.includes(canaryPrefix) ? [] : [errorField(text) ?? text];
  });
  return [...new Set(told)]
    .slice(-keptErrors)
    .map((error) => (error.length > errorLength ? `${error.slice(0, errorLength)}…` : error));
}

function errorField(text: string): string | undefined {
  const quoted = /"error": ("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
}

async function longestReconcile(cluster: Cluster, { namespace, selector }: Controller): Promise<number | undefined> {
  const { items } = await cluster.core.listNamespacedService({ namespace });
  const service = items.find(({ spec }) => Object.entries(spec?.selector ?? {}).every(([key, value]) => selector[key] === value));
  const port = service?.spec?.ports?.[0]?.port;
  if (service?.metadata?.name === undefined || port === undefined) {
    return undefined;
  }
  const tunnel = await openTunnel(cluster, { namespace, service: service.metadata.name, port });
  try {
    const response = await fetch(`${tunnel.url}/metrics`, { signal: AbortSignal.timeout(metricsTimeoutMs) });
    return longestReconcileIn(await response.text());
  } finally {
    await tunnel.close();
  }
}

/** How long the controller of TestRuns has been busy with one of them, by its Prometheus metrics. */
export function longestReconcileIn(metrics: string): number | undefined {
  const value = /^workqueue_longest_running_processor_seconds\{[^}]*name="testrun"[^}]*\} (\S+)$/m.exec(metrics)?.[1];
  return value === undefined ? undefined : Number(value);
}

async function startingRuns(cluster: Cluster, namespaces: string[]): Promise<string[]> {
  const api = cluster.config.makeApiClient(k8s.CustomObjectsApi);
  const lists = await Promise.all(
    namespaces.map((namespace) => api.listNamespacedCustomObject({ group, version, namespace, plural: "testruns" })),
  );
  return (lists as TestRunList[])
    .flatMap(({ items }) => items)
    .filter(({ status }) => status?.stage === "created")
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

interface TestRunList {
  items: { metadata: { name: string; namespace: string }; status?: { stage?: string } }[];
}
