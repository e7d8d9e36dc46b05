import type { Controller } from "./controller";
import type { Evidence } from "./evidence";

/** An operator that did not react, and what was found. */
export interface Silence {
  controller: Pick<Controller, "name" | "watched" | "replicas">;
  namespace: string;
  waitedSeconds: number;
  evidence: Evidence;
}

// A reconciliation takes milliseconds; one that asks a runner that does not answer takes 30 s and more.
const wedgedSeconds = 5;

/** Says why an operator does not react to TestRuns, as far as it can be seen, and what to do. */
export function silenceCause({ controller, namespace, waitedSeconds, evidence }: Silence): string {
  const { name } = controller;
  return `operator ${name}: did not react to a TestRun in namespace ${namespace} within ${waitedSeconds} s: ${cause(controller, namespace, evidence)}`;
}

function cause(
  controller: Silence["controller"],
  namespace: string,
  { pods, errors, longestReconcileSeconds = 0, starting }: Evidence,
): string {
  if (pods.length === 0) {
    return controller.replicas === 0
      ? "it is scaled to 0. Scale it to 1."
      : "it has no pods. Look at the events of its Deployment: quota and Pod Security refuse pods there.";
  }
  const ready = pods.find(({ isReady }) => isReady);
  if (ready === undefined) {
    const { name, phase, waiting, restarts } = pods[0];
    return `its pod ${name} is not ready (${waiting ?? phase}, ${restarts} restarts).${errors.length === 0 ? "" : quoted(errors)}`;
  }
  const unreadable = errors.find((line) => /cannot unmarshal|failed to list \*v1alpha1/.test(line) && !/forbidden/.test(line));
  if (unreadable !== undefined) {
    return `it cannot read an object of its kinds, so it sees none: ${unreadable}. Delete that object; definitions of \`manageCrds\` do not let such in.`;
  }
  const forbidden = errors.find((line) => /forbidden/.test(line));
  if (forbidden !== undefined) {
    return `it lacks a right: ${forbidden}.`;
  }
  if (longestReconcileSeconds > wedgedSeconds) {
    const suspects = starting.length === 0 ? "a TestRun elsewhere" : starting.join(", ");
    return `it has been busy with one TestRun for ${Math.round(longestReconcileSeconds)} s, and does one at a time. Delete the one whose runners do not answer on port 6565: ${suspects}.`;
  }
  if (controller.watched === undefined) {
    return `its pod ${ready.name} says it is ready.${quoted(errors)} Look at whether it watches ${namespace}, has the rights, and reaches the API server: \`kubectl -n ${controller.name.split("/")[0]} logs ${ready.name}\`.`;
  }
  return `its pod ${ready.name} says it is ready and watches ${namespace}.${quoted(errors)} Look at its rights and whether it reaches the API server: \`kubectl -n ${controller.name.split("/")[0]} logs ${ready.name}\`.`;
}

function quoted(errors: string[]): string {
  return errors.length === 0 ? " Its log tells of no error." : ` Its log says: ${errors.join("; ")}.`;
}
