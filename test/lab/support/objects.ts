import * as k8s from "@kubernetes/client-node";
import { orUndefined, type Cluster } from "../../../components/kube/cluster";
import { labelKeys } from "../../../components/kube/labels";
import { execa } from "execa";
import pRetry from "p-retry";
import { labEnvironment } from "../../../lab/env";
import { namespace } from "./settings";

/** Waits for an object of our namespace with a label to be as it should; looks at those that are there, then at every change. */
export async function seen<T extends k8s.KubernetesObject>(
  cluster: Cluster,
  kind: "pods" | "configmaps" | "jobs",
  labelSelector: string,
  isIt: (object: T) => boolean,
  timeoutSeconds = 60,
): Promise<T> {
  const path = `${kind === "jobs" ? "/apis/batch/v1" : "/api/v1"}/namespaces/${namespace}/${kind}`;
  let found: T | undefined;
  await new Promise<void>((resolve, reject) => {
    const done = (error: unknown) => (found === undefined ? reject(toError(error)) : resolve());
    const watch = new k8s.Watch(cluster.config).watch(
      path,
      { labelSelector, timeoutSeconds },
      (phase, object: T) => {
        if (found === undefined && phase !== "DELETED" && isIt(object)) {
          found = object;
          void watch.then((controller) => controller.abort());
        }
      },
      done,
    );
    watch.catch(done);
  });
  return found as unknown as T;

  function toError(error: unknown): Error {
    const why = error instanceof Error ? `: ${error.message}` : "";
    return new Error(`no ${kind} with ${labelSelector} came to be as expected within ${timeoutSeconds} s${why}`);
  }
}

/** Names of all that there is in our namespace of a run. */
export async function objectsOf(cluster: Cluster, run: string): Promise<string[]> {
  const which = { namespace, labelSelector: `${labelKeys.run}=${run}` };
  const lists: k8s.KubernetesListObject<k8s.KubernetesObject>[] = await Promise.all([
    cluster.batch.listNamespacedJob(which),
    cluster.core.listNamespacedPod(which),
    cluster.core.listNamespacedConfigMap(which),
    cluster.core.listNamespacedService(which),
  ]);
  return lists.flatMap(({ kind = "", items }) => items.map(({ metadata }) => `${kind.replace("List", "")} ${metadata?.name}`));
}

/** What tells one execution of a run from another of the same name. */
export async function jobUid(cluster: Cluster, run: string): Promise<string | undefined> {
  return (await orUndefined(cluster.batch.readNamespacedJob({ namespace, name: run })))?.metadata?.uid;
}

/** Names of the jobs of a load test, whatever their run. */
export async function jobsOf(cluster: Cluster, test: string): Promise<string[]> {
  const { items } = await cluster.batch.listNamespacedJob({ namespace, labelSelector: `${labelKeys.test}=${test}` });
  return items.flatMap(({ metadata }) => metadata?.name ?? []);
}

/** Every object of any kind in the whole cluster that says that it is ours, as `Kind namespace/name`. */
export function ourObjects(): Promise<string[]> {
  // Other tests remove kinds, and one may go while it is asked for.
  return pRetry(listOurObjects, { retries: 2 });
}

async function listOurObjects(): Promise<string[]> {
  const kinds = (await kubectl("api-resources", "--verbs=list", "-o", "name")).split("\n");
  if (kinds.length < 50) {
    throw new Error(`the API server has ${kinds.length} kinds only: ${kinds.join(" ")}`);
  }
  const columns = "NAME:.kind,NAMESPACE:.metadata.namespace,OBJECT:.metadata.name";
  const which = ["-A", "-l", "app.kubernetes.io/managed-by=pulumi-k6", "--no-headers", "-o", `custom-columns=${columns}`];
  const lines = (await kubectl("get", kinds.join(","), ...which)).split("\n");
  return lines.filter((line) => line !== "").map((line) => line.replace(/^(\S+)\s+(\S+)\s+(\S+).*$/, "$1 $2/$3"));
}

/** Runs kubectl in the lab. @returns what it prints; throws when it fails */
export async function kubectl(...args: string[]): Promise<string> {
  return (await execa("kubectl", args, { env: labEnvironment(), timeout: 60_000 })).stdout;
}
