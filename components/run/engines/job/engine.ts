import type { V1OwnerReference } from "@kubernetes/client-node";
import { type Cluster, orUndefined } from "../../../kube/cluster";
import { retried } from "../../../kube/retry";
import type { RunFacts } from "../../observe";
import type { RunInputs } from "../../types";
import { RunWatch } from "../../watch";
import { created } from "../create";
import type { Engine } from "../engine";
import { podsGone } from "../pods-gone";
import { runnerSuspicions, type Suspicion } from "../suspicion";
import { jobManifest, serviceManifest } from "./manifests";

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
    await created(() => cluster.core.createNamespacedService({ namespace, body: serviceManifest(inputs, owner) }));
    await created(() => cluster.batch.createNamespacedJob({ namespace, body: jobManifest(inputs, owner) }));
  }

  async isThere(): Promise<boolean> {
    return (await retried(() => orUndefined(this.cluster.batch.readNamespacedJob(this.name)))) !== undefined;
  }

  async tend(): Promise<void> {}

  suspect(facts: RunFacts): Suspicion[] {
    return runnerSuspicions(this.inputs, facts);
  }

  startOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  explain(): Promise<string[]> {
    return Promise.resolve([]);
  }

  async stop(): Promise<void> {
    await retried(() => orUndefined(this.cluster.batch.deleteNamespacedJob({ ...this.name, propagationPolicy: "Background" })));
    await podsGone(this.cluster, this.inputs);
  }

  async remove(): Promise<void> {
    await this.stop();
    await retried(() => orUndefined(this.cluster.core.deleteNamespacedService(this.name)));
  }

  private get name(): { namespace: string; name: string } {
    return { namespace: this.inputs.namespace, name: this.inputs.run };
  }
}
