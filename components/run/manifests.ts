import type { V1ConfigMap, V1Container, V1Job, V1OwnerReference, V1PodSpec, V1Service } from "@kubernetes/client-node";
import { runnerLabels } from "../kube/labels";
import { segmentSequence } from "./segments";
import type { RunInputs } from "./types";

// k6's own port for its REST API.
const apiPort = 6565;
const scriptFolder = "/test";
// The kubelet reads a container's last words from here.
const terminationLog = "/dev/termination-log";
// k6's default system tags without `url` and `error`, whose values have no bound.
const systemTags = "proto,subproto,status,method,name,group,check,error_code,tls_version,scenario,service,expected_response";
// The user of k6's official image; any other works too.
const userId = 12345;

/** Seconds that k6 has after SIGTERM for teardown and its last samples. */
export const graceSeconds = 30;

/** The run's record: created first, so that a run starts at most once; owner of everything else. */
export function recordManifest(inputs: RunInputs, data: Record<string, string>): V1ConfigMap {
  return { metadata: metadataOf(inputs), data };
}

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
          // An autoscaler that tidies up would end the run.
          annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false", "karpenter.sh/do-not-disrupt": "true" },
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
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: runnerLabels(inputs.test, inputs.run) },
      },
    ],
    containers: [container(inputs)],
    volumes: [
      { name: "script", configMap: { name: inputs.scriptConfigMap } },
      { name: "tmp", emptyDir: {} },
    ],
  };
}

function container(inputs: RunInputs): V1Container {
  const { run, namespace, runners, startDeadlineSeconds, store, resources } = inputs;
  const variables = {
    RUN: run,
    RUNNERS: String(runners),
    SEQUENCE: segmentSequence(runners),
    PEER: `http://${run}-{index}.${run}.${namespace}.svc:${apiPort}`,
    ADDRESS: `0.0.0.0:${apiPort}`,
    START_DEADLINE: String(startDeadlineSeconds),
    TOTALS: terminationLog,
    // Nothing is fetched from anywhere while a run starts.
    K6_AUTO_EXTENSION_RESOLUTION: "false",
  };
  const secret = (key: string) => ({ secretKeyRef: { name: store.writeSecret, key } });
  return {
    name: "k6",
    image: inputs.image,
    imagePullPolicy: inputs.imagePullPolicy,
    command: ["sh", `${scriptFolder}/launcher.sh`],
    args: ["--out", `influxdb=${store.writeUrl}/${store.bucket}`, "--system-tags", systemTags, ...scriptVariables(inputs.env)],
    env: [
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
      // Read by k6's output; the script does not see the process's environment.
      { name: "K6_INFLUXDB_USERNAME", valueFrom: secret("username") },
      { name: "K6_INFLUXDB_PASSWORD", valueFrom: secret("password") },
    ],
    ports: [{ name: "k6", containerPort: apiPort }],
    readinessProbe: { httpGet: { path: "/v1/status", port: apiPort }, periodSeconds: 1 },
    resources: { requests: { ...resources }, limits: { ...resources } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    terminationMessagePath: terminationLog,
    volumeMounts: [
      { name: "script", mountPath: scriptFolder, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** Variables for the script go on k6's command line: in the process's environment some would change k6 (`K6_VUS`) or the shell (`PATH`). */
function scriptVariables(env: Record<string, string>): string[] {
  // Kubernetes replaces `$(NAME)` in arguments; `$$` stands for a plain `$`.
  return Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`.replaceAll("$(", "$$$$(")]);
}
