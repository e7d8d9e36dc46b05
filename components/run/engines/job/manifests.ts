import type { V1Container, V1Job, V1OwnerReference, V1PodSpec, V1Service } from "@kubernetes/client-node";
import { runnerLabels } from "../../../kube/labels";
import { scriptPod } from "../../script/pod";
import { segmentSequence } from "../../segments";
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
      maxFailedIndexes: runners,
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
    topologySpreadConstraints: spread(inputs),
    containers: [container(inputs)],
    volumes: [{ name: "script", configMap: { name: inputs.scriptConfigMap } }, tmp.volume, ...scriptPod(inputs).volumes],
  };
}

function container(inputs: RunInputs): V1Container {
  const { run, namespace, runners, startDeadlineSeconds, resources, script = {} } = inputs;
  const { splitFiles = [], archive } = script;
  const own = scriptPod(inputs);
  const settings = {
    RUN: run,
    RUNNERS: String(runners),
    SEQUENCE: segmentSequence(runners),
    PEER: `http://${run}-{index}.${run}.${namespace}.svc:${apiPort}`,
    ADDRESS: `0.0.0.0:${apiPort}`,
    START_DEADLINE: String(startDeadlineSeconds),
    TOTALS: terminationLog,
    ...(archive === undefined ? {} : { MAIN: archive }),
    ...(splitFiles.length === 0 ? {} : { SPLIT_FILES: splitFiles.join(" ") }),
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
