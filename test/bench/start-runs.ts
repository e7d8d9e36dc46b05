import type { V1Job, V1OwnerReference } from "@kubernetes/client-node";
import type { Cluster } from "../../components/kube/cluster";
import { labelKeys } from "../../components/kube/labels";
import { parseBarrierLine } from "../../components/run/barrier-line";
import { forbidEviction } from "../../components/run/engines/disruption";
import { jobManifest, serviceManifest } from "../../components/run/engines/job/manifests";
import type { RunInputs } from "../../components/run/types";
import type { Start } from "./figures";

/** A small load test, which says when each runner made its first iteration. */
export const startScript = (runners: number) => `
  import http from "k6/http";
  import { sleep } from "k6";
  export const options = { vus: ${runners}, duration: "2s" };
  let isFirst = true;
  export default function () {
    if (isFirst) console.log("FIRST " + Date.now());
    isFirst = false;
    http.get(__ENV.TARGET_URL);
    sleep(0.5);
  }`;

// The floor: the same pods, k6 started at once and by itself. No harness's setup, no barrier, no API, no probe, no Service.
const bareCommand =
  "exec k6 run --quiet --no-color --no-usage-report --address '' --include-system-env-vars=false " +
  '--execution-segment "$JOB_COMPLETION_INDEX/$RUNNERS:$((JOB_COMPLETION_INDEX + 1))/$RUNNERS" --tag "testid=$RUN" "$@" /test/main.js';

/** What is measured: engine `job` as it comes, or the bare Job. */
export type Kind = "ours" | "bare";

/** Starts a run and gives its times, when all of its pods have ended and are gone. */
export async function measure(cluster: Cluster, inputs: RunInputs, kind: Kind): Promise<Start> {
  const { namespace, run } = inputs;
  const { metadata } = await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: run } } });
  const owner: V1OwnerReference = { apiVersion: "v1", kind: "ConfigMap", name: run, uid: metadata!.uid! };
  const ours = crowded(jobManifest(inputs, owner));
  const body = kind === "ours" ? ours : bare(ours);
  const begun = Date.now();
  if (kind === "ours") {
    // As the engine does it; its two requests count.
    await Promise.all([
      forbidEviction(cluster, inputs, owner),
      cluster.core.createNamespacedService({ namespace, body: serviceManifest(inputs, owner) }),
    ]);
  }
  await cluster.batch.createNamespacedJob({ namespace, body });
  try {
    await ended(cluster, inputs);
    return await timesOf(cluster, inputs, begun);
  } finally {
    await cluster.batch.deleteNamespacedJob({ namespace, name: run, propagationPolicy: "Foreground" });
    await gone(cluster, inputs);
    await cluster.core.deleteNamespacedConfigMap({ namespace, name: run });
  }
}

/** Room for 20 runners on two cores: asks for next to nothing, with the limits as they are. */
function crowded(job: V1Job): V1Job {
  const [container] = job.spec!.template.spec!.containers;
  container.resources = { ...container.resources, requests: { cpu: "10m", memory: "32Mi" } };
  return job;
}

function bare(job: V1Job): V1Job {
  const [container] = job.spec!.template.spec!.containers;
  Object.assign(container, { command: ["sh", "-c", bareCommand, "sh"], readinessProbe: undefined, ports: undefined });
  job.spec!.template.spec!.subdomain = undefined;
  return job;
}

async function timesOf(cluster: Cluster, inputs: RunInputs, begun: number): Promise<Start> {
  const logs = await Promise.all(
    (await pods(cluster, inputs)).map(({ metadata }) =>
      cluster.core.readNamespacedPodLog({ namespace: inputs.namespace, name: metadata!.name! }),
    ),
  );
  const firsts = logs.map((log) => Number(/FIRST (\d+)/.exec(log)?.[1] ?? NaN));
  if (firsts.length !== inputs.runners || firsts.some(Number.isNaN)) {
    throw new Error(`run ${inputs.run}: not every runner made an iteration: ${logs.join("\n")}`);
  }
  const [first, last] = [Math.min(...firsts), Math.max(...firsts)];
  const lines = logs.flatMap((log) => log.split("\n")).map(parseBarrierLine);
  const started = lines.find((line) => line?.["pulumi-k6"] === "started");
  return {
    ...{ firstMs: first - begun, lastMs: last - begun, spreadMs: last - first },
    ...(started !== undefined && "skewMs" in started ? { skewMs: started.skewMs } : {}),
  };
}

/** Looked at seldom, so that looking costs next to nothing. @throws after 90 s */
async function ended(cluster: Cluster, inputs: RunInputs): Promise<void> {
  for (const until = Date.now() + 90_000; Date.now() < until; await pause(1000)) {
    const { status } = await cluster.batch.readNamespacedJob({ namespace: inputs.namespace, name: inputs.run });
    if ((status?.succeeded ?? 0) + (status?.failed ?? 0) === inputs.runners) {
      return;
    }
  }
  throw new Error(`run ${inputs.run} did not end within 90 s`);
}

async function gone(cluster: Cluster, inputs: RunInputs): Promise<void> {
  for (const until = Date.now() + 60_000; (await pods(cluster, inputs)).length > 0; await pause(500)) {
    if (Date.now() > until) {
      throw new Error(`pods of run ${inputs.run} are not gone after 60 s`);
    }
  }
}

async function pods(cluster: Cluster, { namespace, run }: RunInputs) {
  return (await cluster.core.listNamespacedPod({ namespace, labelSelector: `${labelKeys.run}=${run}` })).items;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
