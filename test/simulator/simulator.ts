/**
 * A controller that does to TestRuns what k6-operator 1.6.0 does to those without Grafana Cloud: the same stages, conditions, Jobs, Pods and
 * Services in the same order, with the same ways to hang. Only for tests, where the operator's image cannot be had.
 */
import { Cluster, orUndefined } from "../../components/kube/cluster";
import { retried } from "../../components/kube/retry";
import { SimulatorApi } from "./api";
import { mayFollow } from "./conditions";
import { Crash, type Faults, FaultSwitches } from "./faults";
import { type Outcome, WorkQueue } from "./queue";
import { type StageContext, stageWork } from "./stages";
import type { TestRun, TestRunStatus } from "./test-run";
import { type Following, watchNamespace } from "./watch";

export interface SimulatorOptions {
  /** Path of a kubeconfig file, or its content. */
  kubeconfig: string;
  /** As `WATCH_NAMESPACES`. */
  namespaces: readonly string[];
  /** @default none */
  faults?: Faults;
}

export interface Simulator {
  /** What the operator would have written to its log, a line each. */
  readonly log: readonly string[];
  /** Whether a `crash` fault has ended it. */
  readonly hasCrashed: boolean;
  /** Replaces all faults; every TestRun is looked at anew. */
  inject(faults: Faults): void;
  /** Ends it; TestRuns stay as they are, and another simulator takes them up. */
  stop(): Promise<void>;
}

/**
 * Starts a simulated operator in this process.
 *
 * @throws when the cluster has no TestRun kind
 */
export async function startSimulator({ kubeconfig, namespaces, faults = {} }: SimulatorOptions): Promise<Simulator> {
  const cluster = Cluster.connect({ kubeconfig });
  const api = new SimulatorApi(cluster);
  const found = await Promise.all(namespaces.map((namespace) => orUndefined(retried(() => api.testRuns(namespace)))));
  if (found.includes(undefined)) {
    throw new Error("the cluster has no TestRun kind (k6.io/v1alpha1): apply its CustomResourceDefinition first");
  }
  return new RunningSimulator(cluster, api, namespaces, faults);
}

class RunningSimulator implements Simulator {
  readonly log: string[] = [];
  private readonly faults: FaultSwitches;
  private readonly ending = new AbortController();
  private readonly queue = new WorkQueue((key) => this.reconcile(key));
  private readonly watches: Following[];
  private readonly seen = new Set<string>();
  private crashed = false;

  constructor(
    cluster: Cluster,
    private readonly api: SimulatorApi,
    namespaces: readonly string[],
    faults: Faults,
  ) {
    this.faults = new FaultSwitches(faults);
    this.watches = namespaces.map((namespace) =>
      watchNamespace(cluster, namespace, (name) => this.changed(`${namespace}/${name}`)),
    );
  }

  get hasCrashed(): boolean {
    return this.crashed;
  }

  inject(faults: Faults): void {
    this.faults.set(faults);
    this.seen.forEach((key) => this.queue.add(key));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.watches.map((watch) => watch.stop()));
    await this.queue.stop();
  }

  private changed(key: string): void {
    this.seen.add(key);
    this.queue.add(key);
  }

  private async reconcile(key: string): Promise<Outcome> {
    const [namespace, name] = key.split("/");
    await this.faults.thawed(this.ending.signal);
    const { ignoreNamespace, leaveInStage, blockedStarter = false } = this.faults.current;
    if (this.ending.signal.aborted || namespace === ignoreNamespace) {
      return "done";
    }
    const testRun = await this.api.testRun(namespace, name);
    const stage = testRun?.status?.stage ?? "";
    if (testRun === undefined || stage === leaveInStage) {
      return "done";
    }
    try {
      return await this.work(testRun, { blockedStarter });
    } catch (error) {
      if (error instanceof Crash) {
        this.crashed = true;
        void this.stop();
      } else {
        this.log.push(`${key}: ${error instanceof Error ? error.message : String(error)}`);
      }
      throw error;
    }
  }

  private async work(testRun: TestRun, { blockedStarter }: Pick<StageContext, "blockedStarter">): Promise<Outcome> {
    const { namespace, name } = testRun.metadata;
    if (testRun.spec.parallelism < 1) {
      throw new Error(`parallelism of TestRun cannot be less than 1; provided value is ${testRun.spec.parallelism}`);
    }
    return stageWork[testRun.status?.stage ?? ""](
      {
        api: this.api,
        write: (of, status) => this.write(of, status),
        log: (message) => this.log.push(`${namespace}/${name}: ${message}`),
        blockedStarter,
        signal: this.ending.signal,
      },
      testRun,
    );
  }

  private async write(testRun: TestRun, status: TestRunStatus): Promise<void> {
    const { namespace, name } = testRun.metadata;
    if (status.stage !== undefined && status.stage === this.faults.current.crash) {
      throw new Crash(`crash before stage "${status.stage}"`);
    }
    const current = await this.api.testRun(namespace, name);
    if (current === undefined || (status.stage !== undefined && !mayFollow(current.status?.stage ?? "", status.stage))) {
      return;
    }
    await this.api.patchStatus(current, status);
  }
}
