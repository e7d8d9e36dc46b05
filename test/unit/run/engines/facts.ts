import type { CoreV1Event, V1Job, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import type { RunFacts } from "../../../../components/run/observe";
import { runInputs } from "../../../support/run-inputs";

/** Inputs of a run of two runners with engine `operator`. */
export const operatorInputs = runInputs({ engine: "operator", starterImage: "starter:1" });
const { run } = operatorInputs;

/** What was seen of it in a stage. */
export function seen(stage: string, more: Partial<RunFacts> = {}): RunFacts {
  return { pods: [], deleted: new Set(), warnings: [], testRun: { stage, isDeleted: false }, ...more };
}

/** A pod of one of its Jobs, by the Job's name without the run's. */
export function podOfJob(job: string, status: V1PodStatus): V1Pod {
  const metadata = { name: `${run}-${job}-x7k4p`, namespace: "load", labels: { "job-name": `${run}-${job}` } };
  return { metadata, spec: { containers: [{ name: "k6", image: "starter:1" }] }, status };
}

export function job(name: string, status: V1Job["status"] = {}): V1Job {
  return { metadata: { name: `${run}-${name}` }, status };
}

export const readyPod: V1PodStatus = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

export function waiting(reason: string): V1PodStatus {
  const state = { waiting: { reason, message: "so it says" } };
  return {
    phase: "Pending",
    containerStatuses: [{ name: "k6", image: "", imageID: "", ready: false, restartCount: 0, state }],
  };
}

export function warning(kind: "Job" | "Pod", name: string, reason: string, message: string): CoreV1Event {
  return { metadata: {}, reason, message, involvedObject: { kind, name: `${run}-${name}` } };
}
