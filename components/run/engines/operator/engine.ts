import type { V1OwnerReference, V1Pod } from "@kubernetes/client-node";
import { type Cluster, statusOf } from "../../../kube/cluster";
import { labelKeys } from "../../../kube/labels";
import { retried } from "../../../kube/retry";
import { TestRuns } from "../../../kube/test-runs";
import type { BarrierLine } from "../../barrier-line";
import type { RunFacts } from "../../observe";
import { exceptionIn, inAuthorsWords, messageOf } from "../../script/places";
import type { RunInputs } from "../../types";
import { RunWatch } from "../../watch";
import { created } from "../create";
import type { Engine } from "../engine";
import { podsGone } from "../pods-gone";
import type { Suspicion } from "../suspicion";
import { operatorSuspicions, podOf } from "./diagnose";
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

  async explain(facts: RunFacts): Promise<string[]> {
    const { run, runners, scriptName } = this.inputs;
    const starter = podOf(starterName(run), facts);
    const starterLog = starter === undefined ? undefined : await this.log(starter);
    const unreached = starterLog === undefined ? [] : unreachedCauses(resumedIn(starterLog, await this.addresses()), runners);
    const initializer = podOf(initializerName(run), facts);
    if (facts.testRun?.stage !== "error" || initializer === undefined) {
      return unreached;
    }
    const log = (await this.log(initializer)) ?? "";
    return [...unreached, `k6 in the initializer (pod ${initializer.metadata?.name}) said: ${said(log, scriptName)}`];
  }

  async stop(): Promise<void> {
    const { namespace, run } = this.inputs;
    await retried(() => this.testRuns.delete(namespace, run));
    const labelSelector = `${labelKeys.run}=${run}`;
    // Not left to the garbage collector alone, which may need half a minute to learn of the kind.
    await retried(() =>
      this.cluster.batch.deleteCollectionNamespacedJob({ namespace, labelSelector, propagationPolicy: "Background" }),
    );
    await podsGone(this.cluster, this.inputs);
  }

  remove(): Promise<void> {
    return this.stop();
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
    const { items } = await this.cluster.core.listNamespacedService({ namespace, labelSelector: `${labelKeys.run}=${run}` });
    const addressOf = (name: string) => items.find(({ metadata }) => metadata?.name === name)?.spec?.clusterIP ?? "";
    return Array.from({ length: runners }, (_, index) => addressOf(`${run}-service-${index + 1}`));
  }
}

/** The error in a log of k6; what it says at all where it names none. */
function said(log: string, scriptName: string): string {
  const lines = log.split("\n").filter((line) => line !== "");
  const errors = lines.filter((line) => /\blevel=error\b/.test(line)).flatMap((line) => messageOf(line) ?? []);
  return exceptionIn(lines, scriptName) ?? inAuthorsWords(errors.at(-1) ?? lines.at(-1) ?? "nothing", scriptName);
}
