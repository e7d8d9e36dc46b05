import type { V1Container, V1Job, V1OwnerReference, V1PodFailurePolicy, V1PodSpec, V1Service } from "@kubernetes/client-node";
import { runnerLabels } from "../../../kube/labels";
import { type Heal, healName, joinSeconds, secondsOf } from "../../healing/heals";
import { scriptPod } from "../../script/pod";
import type { RunInputs } from "../../types";
import {
  apiPort,
  containerSecurity,
  graceSeconds,
  notEvicted,
  outputArguments,
  outputVariables,
  podSecurity,
  scriptFolder,
  scriptVariables,
  spread,
  terminationLog,
  tmp,
  variables,
} from "../pod-parts";
import { placementFields } from "../placement";

/** Whatever ends a runner's pod, its index has failed and gets no other: said for each kind of end, so that no default decides. */
const neverAgain: V1PodFailurePolicy = {
  rules: [
    { action: "FailIndex", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    { action: "FailIndex", onExitCodes: { containerName: "k6", operator: "NotIn", values: [0] } },
  ],
};

/** Gives runners names in DNS, also before they are ready: the barrier finds them by it. */
export function serviceManifest(inputs: RunInputs, owner: V1OwnerReference): V1Service {
  return {
    metadata: { ...metadataOf(inputs), ownerReferences: [owner] },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: runnerLabels(inputs.test, inputs.run),
      ports: [{ name: "k6", port: apiPort }],
    },
  };
}

/** One Indexed Job: a pod per runner, none of them ever started twice. */
export function jobManifest(inputs: RunInputs, owner: V1OwnerReference): V1Job {
  const { runners, deadlineSeconds, startDeadlineSeconds, ttlSeconds } = inputs;
  return {
    metadata: { ...metadataOf(inputs), ownerReferences: [owner] },
    spec: {
      completionMode: "Indexed",
      completions: runners,
      parallelism: runners,
      // A runner that failed is not run again, and does not take the others with it.
      backoffLimitPerIndex: 0,
      podFailurePolicy: neverAgain,
      // The pod of a lost runner is kept until it has ended, with what it said last, and none comes in its place.
      podReplacementPolicy: "Failed",
      // Should a kubelet not do it: the pods' own deadline counts from their start, so this comes later.
      activeDeadlineSeconds: startDeadlineSeconds + deadlineSeconds + 2 * graceSeconds,
      ttlSecondsAfterFinished: ttlSeconds,
      template: {
        metadata: {
          labels: runnerLabels(inputs.test, inputs.run),
          annotations: notEvicted,
        },
        spec: podSpec(inputs),
      },
    },
  };
}

/** One pod that takes over the part of a runner that was lost; goes with the run's Job. */
export function healManifest(inputs: RunInputs, { index, load, joinAt, deadlineSeconds }: Heal, owner: V1OwnerReference): V1Job {
  const { namespace, test, run, ttlSeconds } = inputs;
  const labels = runnerLabels(test, run);
  const spec = podSpec({ ...inputs, load, deadlineSeconds });
  const [k6] = spec.containers;
  const own = { JOB_COMPLETION_INDEX: String(index), JOIN_AT: String(joinAt) };
  return {
    metadata: { name: healName(run, index), namespace, labels, ownerReferences: [owner] },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.min(deadlineSeconds, Math.ceil(joinSeconds + secondsOf(load))) + 2 * graceSeconds,
      ttlSecondsAfterFinished: ttlSeconds,
      template: {
        metadata: { labels, annotations: notEvicted },
        spec: { ...spec, containers: [{ ...k6, env: [...variables(own), ...(k6.env ?? [])] }] },
      },
    },
  };
}

function metadataOf({ namespace, test, run }: RunInputs): { name: string; namespace: string; labels: Record<string, string> } {
  return { name: run, namespace, labels: runnerLabels(test, run) };
}

function podSpec(inputs: RunInputs): V1PodSpec {
  return {
    restartPolicy: "Never",
    subdomain: inputs.run,
    // Enforced by the kubelet alone: load ends even when the control plane is away.
    activeDeadlineSeconds: inputs.deadlineSeconds,
    terminationGracePeriodSeconds: graceSeconds,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity,
    ...placementFields(inputs.placement),
    topologySpreadConstraints: spread(inputs),
    containers: [container(inputs)],
    volumes: [{ name: "script", configMap: { name: inputs.scriptConfigMap } }, tmp.volume, ...scriptPod(inputs).volumes],
  };
}

function container(inputs: RunInputs): V1Container {
  const { run, namespace, runners, startDeadlineSeconds, resources, script = {} } = inputs;
  const { archive } = script;
  const own = scriptPod(inputs);
  const settings = {
    RUN: run,
    RUNNERS: String(runners),
    PEER: `http://${run}-{index}.${run}.${namespace}.svc:${apiPort}`,
    ADDRESS: `0.0.0.0:${apiPort}`,
    START_DEADLINE: String(startDeadlineSeconds),
    TOTALS: terminationLog,
    ...(archive === undefined ? {} : { MAIN: archive }),
    // Nothing is fetched from anywhere while a run starts.
    K6_AUTO_EXTENSION_RESOLUTION: "false",
  };
  return {
    name: "k6",
    image: inputs.image,
    imagePullPolicy: inputs.imagePullPolicy,
    command: ["sh", `${scriptFolder}/launcher.sh`],
    args: [...outputArguments(inputs), ...own.args, ...scriptVariables(inputs.env)],
    env: [...variables(settings), ...outputVariables(inputs), ...own.env],
    ports: [{ name: "k6", containerPort: apiPort }],
    readinessProbe: { httpGet: { path: "/v1/status", port: apiPort }, periodSeconds: 1 },
    resources: { requests: { ...resources }, limits: { ...resources } },
    securityContext: containerSecurity,
    terminationMessagePath: terminationLog,
    volumeMounts: [{ name: "script", mountPath: scriptFolder, readOnly: true }, tmp.mount, ...own.volumeMounts],
  };
}
