import type { V1OwnerReference } from "@kubernetes/client-node";
import { type Cluster, messageOf, orUndefined } from "../../../kube/cluster";
import { isPassing, retried } from "../../../kube/retry";
import { refusalText } from "../../diagnose/refusal";
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
  // Parts of lost runners that the cluster let nobody take over, and why: a quota, a webhook, a right.
  private readonly refused = new Map<number, string>();

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
    const heals = uid === undefined ? [] : healsToMake(inputs, facts, Date.now()).filter(({ index }) => !this.refused.has(index));
    const owner = { apiVersion: "batch/v1", kind: "Job", name: run, uid: uid ?? "" };
    await Promise.all(
      heals.map(async (heal) => {
        try {
          await created(() => cluster.batch.createNamespacedJob({ namespace, body: healManifest(inputs, heal, owner) }));
        } catch (error) {
          if (isPassing(error)) {
            throw error;
          }
          // The runner stays lost and is told so; the others go on and have to be watched.
          this.refused.set(heal.index, refusalText(messageOf(error), namespace));
        }
      }),
    );
  }

  suspect(facts: RunFacts): Suspicion[] {
    return [...deletedSuspicions(this.inputs, facts), ...runnerSuspicions(this.inputs, facts)];
  }

  startOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  learned(): Partial<RunFacts> {
    return { refusedHeals: this.refused };
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

/** A Job that somebody deleted before it had a pod; once there are pods they tell of it. */
function deletedSuspicions({ run }: RunInputs, { pods, jobs = [] }: RunFacts): Suspicion[] {
  const isDeleted = jobs.some(({ metadata }) => metadata?.name === run && metadata.deletionTimestamp !== undefined);
  const cause = `run ${run} was ended: somebody deleted its Job before it had a pod. Change trigger to run the test again.`;
  return isDeleted && pods.length === 0 ? [{ about: "deleted", patienceSeconds: 0, cause }] : [];
}
