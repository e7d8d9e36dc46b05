import type { V1OwnerReference, V1Pod } from "@kubernetes/client-node";
import { type Cluster, statusOf } from "../../../kube/cluster";
import { labelKeys } from "../../../kube/labels";
import { retried } from "../../../kube/retry";
import { TestRuns } from "../../../kube/test-runs";
import type { BarrierLine } from "../../barrier-line";
import type { RunFacts } from "../../observe";
import type { RunInputs } from "../../types";
import { RunWatch } from "../../watch";
import { created } from "../create";
import { allowEviction, forbidEviction } from "../disruption";
import type { Engine } from "../engine";
import { removalGraceSeconds, stopEngine } from "../stop";
import type { Suspicion } from "../suspicion";
import { initializerCause, operatorSuspicions, podOf, rivalCauses } from "./diagnose";
import { initializerName, starterName } from "./layout";
import { testRunManifest } from "./manifests";
import { resumedIn, unreachedCauses } from "./starter-log";
import { Tender } from "./tend";

type Started = BarrierLine & { "pulumi-k6": "started" };

/** A TestRun: k6-operator makes the runners and starts them; the barrier in runner 0 looks on and tells when they did. */
export class OperatorEngine implements Engine {
  private readonly testRuns: TestRuns;
  private readonly tender: Tender;

  constructor(
    private readonly cluster: Cluster,
    private readonly inputs: RunInputs,
  ) {
    this.testRuns = new TestRuns(cluster);
    this.tender = new Tender(cluster, this.testRuns, inputs);
  }

  async watch(): Promise<RunWatch> {
    try {
      return await RunWatch.start(this.cluster, this.inputs, { hasTestRun: true });
    } catch (error) {
      throw statusOf(error) === 404
        ? new Error('the cluster has no kind TestRun. Install k6-operator (`K6Operator`), or use engine: "job".', {
            cause: error,
          })
        : error;
    }
  }

  async start(owner: V1OwnerReference): Promise<void> {
    await forbidEviction(this.cluster, this.inputs, owner);
    await created(() => this.testRuns.create(this.inputs.namespace, testRunManifest(this.inputs, owner)));
  }

  isThere(): Promise<boolean> {
    return retried(() => this.testRuns.exists(this.inputs.namespace, this.inputs.run));
  }

  tend(facts: RunFacts): Promise<void> {
    return this.tender.tend(facts);
  }

  suspect(facts: RunFacts): Suspicion[] {
    return operatorSuspicions(this.inputs, facts);
  }

  /** A run may be so short that runner 0 was gone before the barrier could tell: the starter's own log and times are the next best. */
  async startOf(facts: RunFacts): Promise<Started | undefined> {
    const pod = podOf(starterName(this.inputs.run), facts);
    const ended = pod?.status?.containerStatuses?.[0]?.state?.terminated;
    if (pod === undefined || ended?.startedAt === undefined || ended.finishedAt === undefined) {
      return undefined;
    }
    const resumed = resumedIn((await this.log(pod)) ?? "", await this.addresses());
    if (resumed.length < this.inputs.runners || resumed.some(({ status }) => status !== 200)) {
      return undefined;
    }
    const at = new Date(ended.startedAt).getTime();
    // Whole seconds: the bound is that much wider.
    return { "pulumi-k6": "started", at, skewMs: new Date(ended.finishedAt).getTime() + 1000 - at };
  }

  learned(): Partial<RunFacts> {
    return {};
  }

  async explain(facts: RunFacts): Promise<string[]> {
    const { namespace, run, runners } = this.inputs;
    if (facts.testRun?.stage === "") {
      return rivalCauses(namespace, await this.testRuns.underway(namespace).catch(() => []));
    }
    const starter = podOf(starterName(run), facts);
    const starterLog = starter === undefined ? undefined : await this.log(starter);
    const unreached = starterLog === undefined ? [] : unreachedCauses(resumedIn(starterLog, await this.addresses()), runners);
    const initializer = podOf(initializerName(run), facts);
    if (facts.testRun?.stage !== "error" || initializer === undefined) {
      return unreached;
    }
    return [...unreached, initializerCause(initializer, (await this.log(initializer)) ?? "", this.inputs)];
  }

  stop(graceSeconds: number): Promise<void> {
    return stopEngine(this.cluster, "operator", this.inputs, graceSeconds);
  }

  async remove(): Promise<void> {
    await this.stop(removalGraceSeconds);
    await allowEviction(this.cluster, this.inputs);
  }

  private async log(pod: V1Pod): Promise<string | undefined> {
    try {
      return await this.cluster.core.readNamespacedPodLog({ namespace: this.inputs.namespace, name: pod.metadata?.name ?? "" });
    } catch {
      return undefined;
    }
  }

  /** The runners' Services as the starter names them, by index. */
  private async addresses(): Promise<string[]> {
    const { namespace, run, runners } = this.inputs;
    const labelSelector = `${labelKeys.run}=${run}`;
    const { items } = await retried(() => this.cluster.core.listNamespacedService({ namespace, labelSelector }));
    const addressOf = (name: string) => items.find(({ metadata }) => metadata?.name === name)?.spec?.clusterIP ?? "";
    return Array.from({ length: runners }, (_, index) => addressOf(`${run}-service-${index + 1}`));
  }
}
