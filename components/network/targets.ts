import type * as k8s from "@pulumi/kubernetes";
import type { Problems } from "../errors";
import { cidrProblem } from "./cidr";

/** A system under test, by its addresses or by its pods in the same cluster. */
export interface Target {
  /** What people call it; used in messages. */
  name?: string;
  /** Address ranges outside the cluster, e.g. `["198.51.100.0/24"]`. */
  cidrs?: string[];
  /** Namespace of the target's pods, where it runs in the same cluster. @default the runners' own, with `podLabels` */
  namespace?: string;
  /** Labels of the target's pods. @default all pods of `namespace` */
  podLabels?: Record<string, string>;
  /** TCP ports that the target's pods or addresses listen on: of pods the container's port, not that of a Service. */
  ports: number[];
}

type Rule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Adds what is wrong with `targets` to `problems`; `path` is where they stand, e.g. `loadTests.checkout.targets`. */
export function checkTargets(targets: readonly Target[], path: string, problems: Problems): void {
  targets.forEach((target, index) => checkTarget(target, `${path}[${index}]`, problems));
}

function checkTarget({ cidrs, namespace, podLabels, ports }: Target, path: string, problems: Problems): void {
  if (cidrs === undefined && namespace === undefined && podLabels === undefined) {
    problems.add(
      path,
      "names no address: give cidrs for a target outside the cluster, or namespace and podLabels for one inside.",
    );
  }
  if (cidrs !== undefined && cidrs.length === 0) {
    problems.add(`${path}.cidrs`, "is empty, which opens nothing: give at least one range or leave it out.");
  }
  cidrs?.forEach((cidr, index) => {
    const problem = cidrProblem(cidr);
    if (problem !== undefined) {
      problems.add(`${path}.cidrs[${index}]`, problem);
    }
  });
  // An empty pod selector would select every pod, also where only the runners' own namespace is meant.
  if (podLabels !== undefined && Object.keys(podLabels).length === 0) {
    problems.add(
      `${path}.podLabels`,
      "is empty: give the labels of the target's pods, or leave it out to reach all pods of a namespace.",
    );
  }
  if (ports.length === 0) {
    problems.add(`${path}.ports`, "is empty, which would open every port: list the TCP ports, e.g. [443].");
  }
  ports.forEach((port, index) => {
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      problems.add(`${path}.ports[${index}]`, `${port} is not a TCP port: use a whole number from 1 to 65535.`);
    }
  });
}

/** One egress rule per target: its addresses and its pods, on its ports. */
export function egressRules(targets: readonly Target[]): Rule[] {
  return targets.map((target) => ({
    to: [...(target.cidrs ?? []).map((cidr): Peer => ({ ipBlock: { cidr } })), ...podPeers(target)],
    ports: target.ports.map((port) => ({ protocol: "TCP", port })),
  }));
}

function podPeers({ namespace, podLabels }: Target): Peer[] {
  if (namespace === undefined && podLabels === undefined) {
    return [];
  }
  return [
    {
      // Set on every namespace by Kubernetes itself, so that it cannot be forged by a label.
      ...(namespace === undefined ? {} : { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }),
      ...(podLabels === undefined ? {} : { podSelector: { matchLabels: podLabels } }),
    },
  ];
}
