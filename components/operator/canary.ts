import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import * as k8s from "@kubernetes/client-node";
import pRetry from "p-retry";
import { type Cluster, messageOf, orUndefined, statusOf } from "../kube/cluster";
import { labelKeys, managedBy } from "../kube/labels";
import { isPassing } from "../kube/retry";
import { group, version } from "./crds/definition";

/** A TestRun as far as the canary looks at it. */
interface Canary {
  status?: { stage?: string };
}

const plural = "testruns";
/** How the names of all canaries begin. */
export const canaryPrefix = "pulumi-k6-canary-";
// Between the end of a watch and the next one, milliseconds.
const watchAgainMs = 500;

/**
 * Puts a TestRun into a namespace that the operator must refuse at once, without making a pod: its first argument is no flag. Says
 * whether the operator did so in time, and takes it away again.
 *
 * @throws when the TestRun itself is not accepted, saying why
 */
export async function sendCanary(cluster: Cluster, namespace: string, timeoutMs: number): Promise<{ isAnswered: boolean }> {
  const api = cluster.config.makeApiClient(k8s.CustomObjectsApi);
  const name = `${canaryPrefix}${randomBytes(4).toString("hex")}`;
  const where = { group, version, namespace, plural };
  try {
    await accepted(namespace, () =>
      api.createNamespacedCustomObject({ ...where, body: canary(name, namespace), fieldValidation: "Strict" }),
    );
    return { isAnswered: await hasStage(cluster, namespace, name, timeoutMs) };
  } finally {
    await orUndefined(api.deleteNamespacedCustomObject({ ...where, name }));
  }
}

function canary(name: string, namespace: string): object {
  return {
    apiVersion: `${group}/${version}`,
    kind: "TestRun",
    metadata: { name, namespace, labels: { ...managedBy, [labelKeys.role]: "canary" } },
    spec: { parallelism: 1, script: { localFile: "/canary.js" }, args: ["canary"] },
  };
}

/** Definitions that were just made are served a moment later. */
async function accepted<T>(namespace: string, create: () => Promise<T>): Promise<T> {
  try {
    return await pRetry(create, {
      retries: 5,
      minTimeout: 500,
      factor: 1.5,
      shouldRetry: (error) => isPassing(error) || isKindMissing(error),
    });
  } catch (error) {
    throw new Error(`operator: a TestRun in namespace ${namespace} is refused: ${refusal(error)}`, { cause: error });
  }
}

/** A missing kind has no details in the API server's 404; a missing namespace has. */
function isKindMissing(error: unknown): boolean {
  return statusOf(error) === 404 && !/namespaces/.test(messageOf(error));
}

function refusal(error: unknown): string {
  if (isKindMissing(error)) {
    return "the cluster has no kind TestRun. Leave out `manageCrds: false`, or install k6-operator's CustomResourceDefinitions.";
  }
  const message = messageOf(error);
  if (statusOf(error) === 400 && /unknown field/.test(message)) {
    return `${message}. The CustomResourceDefinitions are older than the operator: upgrade them first.`;
  }
  return message;
}

/** Watches until the object has a stage or time is up. */
async function hasStage(cluster: Cluster, namespace: string, name: string, timeoutMs: number): Promise<boolean> {
  const deadline = AbortSignal.timeout(timeoutMs);
  while (!deadline.aborted) {
    if (await seesStage(cluster, namespace, name, deadline)) {
      return true;
    }
    await setTimeout(watchAgainMs);
  }
  return false;
}

/** One watch: `false` when it ends, which any watch does sooner or later, or time is up. */
function seesStage(cluster: Cluster, namespace: string, name: string, deadline: AbortSignal): Promise<boolean> {
  const path = `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
  // Without a resource version the watch begins with the object as it is now.
  const query = { fieldSelector: `metadata.name=${name}` };
  return new Promise((resolve, reject) => {
    const seen = new AbortController();
    const onEvent = (_phase: string, { status }: Canary) => {
      if (status?.stage) {
        resolve(true);
        seen.abort();
      }
    };
    const onEnd = (error: unknown) => (isRefused(error) ? reject(error) : resolve(false));
    const request = new k8s.Watch(cluster.config).watch(path, query, onEvent, onEnd);
    request.then((open) => AbortSignal.any([seen.signal, deadline]).addEventListener("abort", () => open.abort()), onEnd);
  });
}

/** Whether we may not watch, which will not pass; then nothing is known about the operator. */
function isRefused(error: unknown): error is Error {
  return error instanceof Error && "statusCode" in error && error.statusCode === 403;
}
