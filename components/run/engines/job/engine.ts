import type { V1OwnerReference } from "@kubernetes/client-node";
import { type Cluster, orUndefined } from "../../../kube/cluster";
import { retried } from "../../../kube/retry";
import type { RunFacts } from "../../observe";
import { healsToMake } from "../../healing/heals";
import type { RunInputs } from "../../types";
import { RunWatch } from "../../watch";
import { created } from "../create";
import { allowEviction, forbidEviction } from "../disruption";
import type { Engine } from "../engine";
import { removalGraceSeconds, stopEngine } from "../stop";
import { runnerSuspicions, type Suspicion } from "../suspicion";
import { healManifest, jobManifest, serviceManifest } from "./manifests";

/** One Indexed Job; the barrier in runner 0 starts the runners. Kubernetes does the rest. */
export class JobEngine implements Engine {
  constructor(
    private readonly cluster: Cluster,
    private readonly inputs: RunInputs,
  ) {}

  watch(): Promise<RunWatch> {
    return RunWatch.start(this.cluster, this.inputs);
  }

  async start(owner: V1OwnerReference): Promise<void> {
    const { cluster, inputs } = this;
    const { namespace } = inputs;
    await Promise.all([
      forbidEviction(cluster, inputs, owner),
      created(() => cluster.core.createNamespacedService({ namespace, body: serviceManifest(inputs, owner) })),
    ]);
    await created(() => cluster.batch.createNamespacedJob({ namespace, body: jobManifest(inputs, owner) }));
  }

  async isThere(): Promise<boolean> {
    return (await retried(() => orUndefined(this.cluster.batch.readNamespacedJob(this.name)))) !== undefined;
  }

  async tend(facts: RunFacts): Promise<void> {
    const { cluster, inputs } = this;
    const { namespace, run } = inputs;
    const uid = facts.jobs?.find(({ metadata }) => metadata?.name === run)?.metadata?.uid;
    const heals = uid === undefined ? [] : healsToMake(inputs, facts, Date.now());
    const owner = { apiVersion: "batch/v1", kind: "Job", name: run, uid: uid ?? "" };
    await Promise.all(
      heals.map((heal) =>
        created(() => cluster.batch.createNamespacedJob({ namespace, body: healManifest(inputs, heal, owner) })),
      ),
    );
  }

  suspect(facts: RunFacts): Suspicion[] {
    return runnerSuspicions(this.inputs, facts);
  }

  startOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  explain(): Promise<string[]> {
    return Promise.resolve([]);
  }

  stop(graceSeconds: number): Promise<void> {
    return stopEngine(this.cluster, "job", this.inputs, graceSeconds);
  }

  async remove(): Promise<void> {
    await this.stop(removalGraceSeconds);
    await allowEviction(this.cluster, this.inputs);
    await retried(() => orUndefined(this.cluster.core.deleteNamespacedService(this.name)));
  }

  private get name(): { namespace: string; name: string } {
    return { namespace: this.inputs.namespace, name: this.inputs.run };
  }
}
