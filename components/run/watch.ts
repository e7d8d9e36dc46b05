import * as k8s from "@kubernetes/client-node";
import { BoundedWatch, type WatchBounds } from "../kube/bounded-watch";
import type { Cluster } from "../kube/cluster";
import { labelKeys } from "../kube/labels";
import { type TestRun, TestRuns } from "../kube/test-runs";
import { retried } from "../kube/retry";
import type { RunFacts, TestRunSight } from "./observe";

// Between a broken watch and the next attempt, milliseconds.
const restartDelayMs = 1000;

/** What to watch of a run beside its pods, Jobs and warnings. */
export interface WatchOptions {
  /** Its TestRun; the cluster must have the kind. @default false */
  hasTestRun?: boolean;
  bounds?: WatchBounds;
}

/**
 * Watches the pods, the Jobs and the warnings of one run, and its TestRun. Watches that end are taken up again, and objects that were
 * deleted are remembered.
 */
export class RunWatch {
  private readonly pods = new Map<string, k8s.V1Pod>();
  private readonly deleted = new Set<string>();
  private readonly warnings: k8s.CoreV1Event[] = [];
  private readonly jobs = new Map<string, k8s.V1Job>();
  private testRun: TestRunSight | undefined;
  private readonly informers: { stop(): Promise<void> }[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private isStopped = false;

  private constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
    private readonly run: string,
    private readonly bounds: WatchBounds,
  ) {}

  /** Gives the watch when the first lists are in. */
  static start(cluster: Cluster, place: { namespace: string; run: string }, options: WatchOptions = {}): Promise<RunWatch> {
    return retried(() => RunWatch.attempt(cluster, place, options));
  }

  private static async attempt(
    cluster: Cluster,
    { namespace, run }: { namespace: string; run: string },
    { hasTestRun = false, bounds = {} }: WatchOptions,
  ): Promise<RunWatch> {
    const watch = new RunWatch(cluster, namespace, run, bounds);
    const all = [watch.watchPods(), watch.watchJobs(), watch.watchWarnings(), ...(hasTestRun ? [watch.watchTestRun()] : [])];
    // One that is stopped before it has begun would begin all the same: so all are waited for.
    const failed = (await Promise.allSettled(all)).find(({ status }) => status === "rejected");
    if (failed !== undefined) {
      await watch.stop();
      throw asError((failed as PromiseRejectedResult).reason);
    }
    return watch;
  }

  facts(): Omit<RunFacts, "barrier"> {
    return {
      pods: [...this.pods.values()],
      deleted: this.deleted,
      warnings: this.warnings,
      jobs: [...this.jobs.values()],
      ...(this.testRun === undefined ? {} : { testRun: this.testRun }),
    };
  }

  /** Names of pods that are there now. */
  get present(): string[] {
    return [...this.pods.keys()].filter((name) => !this.deleted.has(name));
  }

  /** Resolves at the next change, at `notify`, or after some time. */
  changed(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.waiting.add(done);
    });
  }

  /** Wakes who waits for a change. */
  notify(): void {
    [...this.waiting].forEach((wake) => wake());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.restarts.forEach((timer) => clearTimeout(timer));
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  private watchPods(): Promise<void> {
    const { namespace, run } = this;
    const labelSelector = `${labelKeys.run}=${run}`;
    return this.watch<k8s.V1Pod>({
      path: `/api/v1/namespaces/${namespace}/pods`,
      list: () => this.cluster.core.listNamespacedPod({ namespace, labelSelector }),
      labelSelector,
      onChange: (pod) => {
        this.pods.set(nameOf(pod), pod);
      },
      onDelete: (pod) => {
        this.pods.set(nameOf(pod), pod);
        this.deleted.add(nameOf(pod));
      },
    });
  }

  private watchJobs(): Promise<void> {
    const { namespace, run } = this;
    const labelSelector = `${labelKeys.run}=${run}`;
    const keep = (job: k8s.V1Job) => {
      this.jobs.set(nameOf(job), job);
    };
    return this.watch<k8s.V1Job>({
      path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
      list: () => this.cluster.batch.listNamespacedJob({ namespace, labelSelector }),
      labelSelector,
      onChange: keep,
      // One that is deleted at once is never seen with the time of its deletion.
      onDelete: (job) => {
        keep({ ...job, metadata: { ...job.metadata, deletionTimestamp: job.metadata?.deletionTimestamp ?? new Date() } });
      },
    });
  }

  private watchTestRun(): Promise<void> {
    const testRuns = new TestRuns(this.cluster);
    const { namespace, run } = this;
    const see = (isDeleted: boolean) => (testRun: TestRun) => {
      this.testRun = { stage: testRun.status?.stage ?? "", isDeleted };
    };
    return this.watch<TestRun>({
      path: testRuns.path(namespace),
      list: () => testRuns.list(namespace, run),
      fieldSelector: `metadata.name=${run}`,
      onChange: see(false),
      onDelete: see(true),
    });
  }

  private watchWarnings(): Promise<void> {
    const { namespace, run } = this;
    const fieldSelector = "type=Warning";
    return this.watch<k8s.CoreV1Event>({
      path: `/api/v1/namespaces/${namespace}/events`,
      list: () => this.cluster.core.listNamespacedEvent({ namespace, fieldSelector }),
      fieldSelector,
      onChange: (event) => {
        const { name = "" } = event.involvedObject;
        if (name === run || name.startsWith(`${run}-`)) {
          this.warnings.push(event);
        }
      },
      onDelete: () => undefined,
    });
  }

  private async watch<T extends k8s.KubernetesObject>(source: Source<T>): Promise<void> {
    const { path, list, labelSelector, fieldSelector, onChange, onDelete } = source;
    // Not makeInformer: it takes no field selector.
    const informer = new k8s.ListWatch<T>(
      path,
      new BoundedWatch(this.cluster.config, this.bounds),
      list,
      false,
      labelSelector,
      fieldSelector,
    );
    let isUp = false;
    let failure: unknown;
    const told = (act: (object: T) => void) => (object: T) => {
      act(object);
      this.notify();
    };
    const restartSoon = () => {
      if (!this.isStopped) {
        // Fails for example when the credentials have just expired: then once more.
        this.restarts.add(setTimeout(() => void informer.start().catch(restartSoon), restartDelayMs));
      }
    };
    informer.on("add", told(onChange));
    informer.on("update", told(onChange));
    informer.on("delete", told(onDelete));
    informer.on("error", (error: unknown) => {
      failure = error;
      if (isUp) {
        restartSoon();
      }
    });
    this.informers.push(informer);
    await informer.start();
    if (failure !== undefined) {
      throw asError(failure);
    }
    isUp = true;
  }
}

interface Source<T extends k8s.KubernetesObject> {
  path: string;
  list: () => Promise<k8s.KubernetesListObject<T>>;
  labelSelector?: string;
  fieldSelector?: string;
  onChange: (object: T) => void;
  onDelete: (object: T) => void;
}

function nameOf({ metadata }: k8s.KubernetesObject): string {
  return metadata?.name ?? "";
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
