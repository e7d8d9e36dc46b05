import type { AlertLimits } from "../settings";
import { type AlertRule, oneLine, selector } from "./rule";

/** Pods of Jobs: in the namespace of a platform all of them are of runs. Not by their labels, which kube-state-metrics tells only when asked. */
const ofJobs = (of: string) => `max by (namespace, pod) (kube_pod_info{${of},created_by_kind="Job"})`;

/** Jobs that have a pod which is not over: at its deadline a Job counts none of its pods as active, also where a node does not end them. */
const jobsWithPods = (of: string) =>
  `max by (namespace, job_name) (label_replace(kube_pod_info{${of},created_by_kind="Job"}, "job_name", "$1", "created_by_name", "(.*)") ` +
  `and on (namespace, pod) (kube_pod_status_phase{${of},phase=~"Pending|Running"} > 0))`;

/**
 * What kube-state-metrics tells of runs, of both engines.
 *
 * @param namespace of the runs
 */
export function runRules(namespace: string, limits: Required<AlertLimits>): AlertRule[] {
  const of = selector({ namespace });
  return [pending(of), overdue(of, limits), runnerLost(of), nodeLost(of)];
}

function pending(of: string): AlertRule {
  return {
    alert: "K6RunPending",
    expr: oneLine(`
      max by (namespace, pod) (kube_pod_status_phase{${of},phase="Pending"}) > 0
      and on (namespace, pod) ${ofJobs(of)}`),
    // Whoever follows a run gives up after its `startDeadlineSeconds`, 120 unless said otherwise.
    forSeconds: 600,
    severity: "warning",
    summary: "Pod {{ $labels.pod }} of a run in {{ $labels.namespace }} does not start",
    description:
      "For so long that whoever followed the run has given up or is gone. See why: `kubectl -n {{ $labels.namespace }} describe pod " +
      "{{ $labels.pod }}`. Run `pulumi up` again, which attaches to the run and ends it with its cause, or `make stop`.",
  };
}

function overdue(of: string, { runOverdueSeconds, endlessRunSeconds }: Required<AlertLimits>): AlertRule {
  const started = `(time() - max by (namespace, job_name) (kube_job_status_start_time{${of}}))`;
  const deadline = `max by (namespace, job_name) (kube_job_spec_active_deadline_seconds{${of}})`;
  return {
    alert: "K6RunOverdue",
    expr: oneLine(`
      (${started} > on (namespace, job_name) (${deadline} + ${runOverdueSeconds})
      or (${started} > ${endlessRunSeconds} unless on (namespace, job_name) ${deadline}))
      and on (namespace, job_name) (max by (namespace, job_name) (kube_job_status_active{${of}}) > 0 or ${jobsWithPods(of)})`),
    forSeconds: 0,
    severity: "critical",
    summary: "Run {{ $labels.job_name }} in {{ $labels.namespace }} has pods after its deadline",
    description:
      "It began {{ $value | humanizeDuration }} ago. Its node enforces the deadline by itself, so the node may be lost, or somebody else made the Job " +
      "without one. See where its pods are: `kubectl -n {{ $labels.namespace }} get pods -l job-name={{ $labels.job_name }} -o wide`, and end " +
      "the load: `make stop`, or delete the Job.",
  };
}

function runnerLost(of: string): AlertRule {
  return {
    alert: "K6RunnerLost",
    expr: oneLine(`
      max by (namespace, pod, reason) (
        kube_pod_container_status_terminated_reason{${of},container="k6",reason=~"OOMKilled|ContainerStatusUnknown"}
      ) > 0
      or (
        max by (namespace, pod, reason) (
          kube_pod_status_reason{${of},reason=~"Evicted|NodeLost|NodeAffinity|Shutdown|UnexpectedAdmissionError"}
        ) > 0
        and on (namespace, pod) ${ofJobs(of)}
      )`),
    forSeconds: 0,
    severity: "warning",
    summary: "Runner {{ $labels.pod }} in {{ $labels.namespace }} was lost: {{ $labels.reason }}",
    description:
      "Its run is `invalid`, unless `heal` had its part taken over, and the report says what is missing. OOMKilled: raise `resources.memory` or " +
      "use more runners. Evicted: its node was short of something; see `kubectl -n {{ $labels.namespace }} describe pod {{ $labels.pod }}`. Others: look at the node. Then run the test " +
      "again by another `trigger`. The alert ends when the pod is removed, an hour after its end (`ttlSeconds`).",
  };
}

function nodeLost(of: string): AlertRule {
  return {
    alert: "K6RunnerNodeLost",
    expr: oneLine(`
      max by (namespace, pod, node) (kube_pod_info{${of},created_by_kind="Job",node!=""})
      and on (namespace, pod) max by (namespace, pod) (kube_pod_status_phase{${of},phase="Running"}) > 0
      and on (node) max by (node) (kube_node_status_condition{condition="Ready",status=~"false|unknown"}) > 0`),
    forSeconds: 60,
    severity: "critical",
    summary: "Node {{ $labels.node }} of runner {{ $labels.pod }} in {{ $labels.namespace }} is not ready",
    description:
      "The runner may go on with its load there until its deadline, which the node enforces by itself; its samples may not arrive, and its run is " +
      "`invalid` then. See the node: `kubectl describe node {{ $labels.node }}`. If the load must end now, stop the machine.",
  };
}
