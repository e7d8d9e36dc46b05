import type { V1ConfigMap, V1Job, V1Pod } from "@kubernetes/client-node";
import { Cluster, type ClusterAccess } from "../kube/cluster";
import { labelKeys, managedBy } from "../kube/labels";
import { retried } from "../kube/retry";
import { TestRuns } from "../kube/test-runs";
import { engineName } from "./engines/engine";
import { letRunnersEnd } from "./engines/let-end";
import { stopEngine } from "./engines/stop";
import type { Progress } from "./progress";
import { readRecord, saveStop } from "./record";
import type { EngineName } from "./types";

/** Which runs to stop, and how. */
export interface StopArgs extends ClusterAccess {
  /** Namespace of the platform. */
  namespace: string;
  /** Name of a load test. @default all */
  test?: string;
  /** Name of a run. @default all */
  run?: string;
  /** Seconds for k6 to end by itself, with `teardown()` and its last samples, before its pods are deleted. @default 30 */
  graceSeconds?: number;
  /** To follow "was stopped by" in the run's verdict. @default "a call of stopRuns" */
  by?: string;
}

/** A run that was stopped. */
export interface StoppedRun {
  run: string;
  /** Whether all its runners ended by themselves within the grace; they are left to be judged then. */
  isGraceful: boolean;
}

/**
 * Stops the load of runs that go on, whoever started them: k6 is asked first, what has not ended after the grace is deleted. Returns when no
 * runner of them runs any more. Needs no Pulumi and no state. A run that was stopped is judged by the `pulumi up` that follows it, or the
 * next one: it is `invalid`, and says by whom it was stopped.
 */
export async function stopRuns(args: StopArgs, progress: Progress = () => undefined): Promise<StoppedRun[]> {
  const { namespace, test, run, graceSeconds = 30, by = "a call of stopRuns" } = args;
  const cluster = Cluster.connect(args);
  const going = (await runsIn(cluster, namespace, { test, run })).filter(({ isGoing }) => isGoing);
  return Promise.all(
    going.map(async ({ run: name, engine }) => {
      const place = { namespace, run: name };
      progress(`run ${name}: stopping, its runners have ${graceSeconds} s`);
      await Promise.all([
        saveStop(cluster, place, { by, at: new Date().toISOString() }).catch((error: unknown) => {
          progress(`run ${name}: the stop could not be noted in its record: ${String(error)}`);
        }),
        letRunnersEnd(cluster, place, graceSeconds),
      ]);
      const isGraceful = !(await isGoing(cluster, { ...place, engine }));
      if (!isGraceful) {
        await stopEngine(cluster, engine, place, 0);
      }
      progress(`run ${name}: ${isGraceful ? "all its runners have ended" : "what had not ended was deleted"}`);
      return { run: name, isGraceful };
    }),
  );
}

interface FoundRun {
  run: string;
  engine: EngineName;
  isGoing: boolean;
}

async function runsIn(cluster: Cluster, namespace: string, { test, run }: { test?: string; run?: string }): Promise<FoundRun[]> {
  const labelSelector = [
    ...Object.entries(managedBy).map(([key, value]) => `${key}=${value}`),
    run === undefined ? labelKeys.run : `${labelKeys.run}=${run}`,
    ...(test === undefined ? [] : [`${labelKeys.test}=${test}`]),
  ].join(",");
  const { items } = await retried(() => cluster.core.listNamespacedConfigMap({ namespace, labelSelector }));
  return Promise.all(
    items.filter((record) => readRecord(record).result === undefined).map((record) => found(cluster, namespace, record)),
  );
}

async function found(cluster: Cluster, namespace: string, { metadata, data }: V1ConfigMap): Promise<FoundRun> {
  const run = metadata?.name ?? "";
  const engine = engineName({ engine: data?.engine as EngineName | undefined });
  return { run, engine, isGoing: await isGoing(cluster, { namespace, run, engine }) };
}

/** Whether something of a run runs, or may yet begin to. */
async function isGoing(
  cluster: Cluster,
  { namespace, run, engine }: { namespace: string; run: string; engine: EngineName },
): Promise<boolean> {
  const which = { namespace, labelSelector: `${labelKeys.run}=${run}` };
  const [pods, jobs, testRuns] = await Promise.all([
    retried(() => cluster.core.listNamespacedPod(which)),
    retried(() => cluster.batch.listNamespacedJob(which)),
    engine === "operator" ? retried(() => new TestRuns(cluster).list(namespace, run)) : { items: [] },
  ]);
  return goesOn(pods.items, jobs.items, testRuns.items);
}

const endedStages = ["finished", "error", "stopped"];
// k6-operator has not made the runners yet, whatever became of its initializer.
const earlyStages = ["", "initialization", "initialized"];

/** Whether anything of these runs, or may yet begin to. */
export function goesOn(
  pods: readonly V1Pod[],
  jobs: readonly V1Job[],
  testRuns: readonly { status?: { stage?: string } }[],
): boolean {
  const isOver = ({ status }: V1Pod) => status?.phase === "Succeeded" || status?.phase === "Failed";
  if (pods.some((pod) => !isOver(pod))) {
    return true;
  }
  // The controllers need a moment to learn that the pods they made have ended.
  const mayMakePods = ({ metadata, spec, status }: V1Job) =>
    status?.conditions?.some(({ type, status: value }) => ["Complete", "Failed"].includes(type) && value === "True") !== true &&
    pods.filter(({ metadata: pod }) => pod?.labels?.["job-name"] === metadata?.name).length < (spec?.completions ?? 1);
  return (
    jobs.some(mayMakePods) ||
    testRuns.some(({ status }) => earlyStages.includes(status?.stage ?? "")) ||
    (jobs.length === 0 && testRuns.some(({ status }) => !endedStages.includes(status?.stage ?? "")))
  );
}
