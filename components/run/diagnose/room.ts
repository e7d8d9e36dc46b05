import type { Cluster } from "../../kube/cluster";
import type { RunFacts } from "../observe";
import { roomOf, schedulerMessage, type NodeRoom } from "./unscheduled";

// Between two looks, milliseconds: a look reads all pods of the cluster.
const pauseMs = 10_000;
// Of more pods than this a look would be a burden, and the sentence goes without its numbers.
const mostPods = 5000;

/** Reads what is left on the nodes when a pod finds none. Who runs Pulumi may lack the right to; then nothing is known. */
export class Room {
  private seen: NodeRoom[] | undefined;
  private lookedAt = -Infinity;

  constructor(private readonly cluster: Cluster) {}

  get facts(): Pick<RunFacts, "room"> {
    return this.seen === undefined ? {} : { room: this.seen };
  }

  async look({ pods }: Pick<RunFacts, "pods">): Promise<void> {
    const isShort = pods.some((pod) => /Insufficient/.test(schedulerMessage(pod) ?? ""));
    if (!isShort || Date.now() - this.lookedAt < pauseMs) {
      return;
    }
    this.lookedAt = Date.now();
    try {
      this.seen = await this.read();
    } catch {
      // A right that is missing, or an API server that is busy: the scheduler's own words do.
      this.seen = undefined;
    }
  }

  private async read(): Promise<NodeRoom[] | undefined> {
    const { core } = this.cluster;
    const alive = "spec.nodeName!=,status.phase!=Succeeded,status.phase!=Failed";
    const [nodes, pods] = await Promise.all([
      core.listNode({ limit: mostPods }),
      core.listPodForAllNamespaces({ fieldSelector: alive, limit: mostPods }),
    ]);
    return (pods.metadata?._continue ?? "") === "" ? roomOf(nodes.items, pods.items) : undefined;
  }
}
