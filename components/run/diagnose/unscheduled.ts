import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { amountOf } from "../../kube/quantities";
import { missingIn, missingText } from "./missing";
import { amountText } from "./quantities";

/** What of a node's CPU and memory no pod has asked for. */
export interface NodeRoom {
  node: string;
  /** CPUs and bytes. */
  free: { cpu: number; memory: number };
}

const sized = ["cpu", "memory"] as const;

/** What is left on each node that takes pods, with what all its pods ask for. */
export function roomOf(nodes: readonly V1Node[], pods: readonly V1Pod[]): NodeRoom[] {
  return nodes
    .filter(({ spec }) => spec?.unschedulable !== true)
    .map(({ metadata, status }) => {
      const node = metadata?.name ?? "";
      const asked = pods.filter(({ spec }) => spec?.nodeName === node).map(requestsOf);
      const free = (resource: (typeof sized)[number]) =>
        amountOf(status?.allocatable?.[resource] ?? "0") - asked.reduce((sum, requests) => sum + requests[resource], 0);
      return { node, free: { cpu: free("cpu"), memory: free("memory") } };
    });
}

function requestsOf({ spec }: V1Pod): { cpu: number; memory: number } {
  const requests = (spec?.containers ?? []).map(({ resources }) => resources?.requests ?? {});
  const sum = (resource: string) => requests.reduce((all, one) => all + amountOf(one[resource] ?? "0"), 0);
  return { cpu: sum("cpu"), memory: sum("memory") };
}

/** What the scheduler says of a pod for which there is no node; `undefined` for any other. */
export function schedulerMessage({ status }: V1Pod): string | undefined {
  const condition = status?.conditions?.find(({ type, status: value }) => type === "PodScheduled" && value === "False");
  return condition === undefined ? undefined : (condition.message ?? condition.reason ?? "no reason given");
}

/** Says why a pod has no node: what is missing, and how much where `room` tells it. */
export function unscheduledCause(pod: V1Pod, message: string, room: readonly NodeRoom[] | undefined): string {
  const name = pod.metadata?.name ?? "";
  const missing = missingIn(message);
  if (missing !== undefined) {
    return `pod ${name} needs ${missingText(missing, pod.metadata?.namespace ?? "")}`;
  }
  const requests = requestsOf(pod);
  const short = sized.filter((resource) => new RegExp(`Insufficient ${resource}`).test(message));
  const lacks = short.map((resource) => lackOf(resource, requests[resource], room));
  return lacks.length === 0
    ? `pod ${name} cannot be scheduled: ${schedulerText(message)}. Add a node that takes it, or change what keeps the others from it.`
    : `pod ${name} cannot be scheduled: ${lacks.join("; ")}. Lower ${short.map((one) => `resources.${one}`).join(", ")} or runners, or add a node.`;
}

function lackOf(resource: (typeof sized)[number], asked: number, room: readonly NodeRoom[] = []): string {
  const text = (amount: number) => amountText(resource, amount);
  if (room.length === 0) {
    return `no node has the ${text(asked)} left that it asks for`;
  }
  const roomiest = room.reduce((best, one) => (one.free[resource] > best.free[resource] ? one : best));
  const free = Math.max(0, roomiest.free[resource]);
  return asked > free
    ? `it asks for ${text(asked)}, and node ${roomiest.node} has the most left: ${text(free)}, so ${text(asked - free)} missing`
    : // Room came free since, or the node that has it does not take the pod.
      `it asks for ${text(asked)}, which no node that takes it has left`;
}

/** The scheduler's reasons per node, without what it tried to push out. */
function schedulerText(message: string): string {
  return message.replace(/[.,]? (no new claims to deallocate|preemption:).*$/s, "").replace(/\.$/, "");
}
