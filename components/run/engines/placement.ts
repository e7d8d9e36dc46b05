import type { V1Affinity, V1PodSpec, V1Toleration } from "@kubernetes/client-node";
import type { Problems } from "../../errors";

/** Where runners may run, in the words of a pod's spec. Beside it they are spread over the nodes that there are. */
export interface Placement {
  /** Labels that a node must have. @default any node */
  nodeSelector?: Record<string, string>;
  /** Taints of nodes that runners put up with. @default none */
  tolerations?: V1Toleration[];
  /** @default none */
  affinity?: V1Affinity;
  /** Name of a PriorityClass: who makes room for whom where there is none. @default the cluster's own */
  priorityClassName?: string;
}

const operators = ["Exists", "Equal", "Lt", "Gt"];
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Refuses what Kubernetes would refuse in every pod. */
export function checkPlacement({ nodeSelector = {}, tolerations = [], priorityClassName }: Placement, problems: Problems): void {
  const path = "placement";
  for (const [key, value] of Object.entries(nodeSelector)) {
    if (!/^([a-z0-9.-]+\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(key)) {
      problems.add(
        `${path}.nodeSelector`,
        `"${key}" cannot be the name of a label: write for example "pool" or "example.com/pool".`,
      );
    } else if (!/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value)) {
      problems.add(
        `${path}.nodeSelector.${key}`,
        `"${value}" cannot be the value of a label: use at most 63 letters, digits, "-", "_" and ".".`,
      );
    }
  }
  tolerations.forEach(({ key, operator = "Equal", value, effect }, i) => {
    const where = `${path}.tolerations[${i}]`;
    if (!operators.includes(operator)) {
      problems.add(`${where}.operator`, `"${operator}" is not known. Use one of ${operators.join(", ")}.`);
    }
    if (effect !== undefined && !effects.includes(effect)) {
      problems.add(`${where}.effect`, `"${effect}" is not known. Use one of ${effects.join(", ")}, or leave it out for all.`);
    }
    if (operator === "Exists" && value !== undefined) {
      problems.add(`${where}.value`, `"${value}" does not go with operator "Exists". Leave it out, or use "Equal".`);
    }
    if (operator !== "Exists" && key === undefined) {
      problems.add(`${where}.key`, 'is missing: name the taint, or use operator "Exists" for all of them.');
    }
  });
  if (priorityClassName !== undefined && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(priorityClassName)) {
    problems.add(`${path}.priorityClassName`, `"${priorityClassName}" cannot be the name of a PriorityClass.`);
  }
}

/** The fields of a pod's spec; a TestRun has them under the same names. */
export function placementFields(
  placement: Placement = {},
): Pick<V1PodSpec, "nodeSelector" | "tolerations" | "affinity" | "priorityClassName"> {
  const { nodeSelector, tolerations, affinity, priorityClassName } = placement;
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
  };
}
