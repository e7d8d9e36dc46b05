/** TestRun as the simulator reads it: of k6-operator's `k6.io/v1alpha1` what matters without Grafana Cloud. */
import type * as k8s from "@kubernetes/client-node";

export const testRunResource = { group: "k6.io", version: "v1alpha1", plural: "testruns" } as const;

/** In the order in which a run passes them; `error` ends it from anywhere before `started`. The first is a run that no operator has seen. */
export const stages = ["", "initialization", "initialized", "created", "started", "stopped", "finished", "error"] as const;
export type Stage = (typeof stages)[number];

/** `spec.runner`, `spec.initializer` or `spec.starter`. */
export interface PodSettings {
  disabled?: boolean;
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  image?: string;
  imagePullPolicy?: string;
  imagePullSecrets?: k8s.V1LocalObjectReference[];
  affinity?: k8s.V1Affinity;
  nodeSelector?: Record<string, string>;
  tolerations?: k8s.V1Toleration[];
  topologySpreadConstraints?: k8s.V1TopologySpreadConstraint[];
  priorityClassName?: string;
  schedulerName?: string;
  serviceAccountName?: string;
  /** A text in the CRD: `"true"` or `"false"`. */
  automountServiceAccountToken?: string;
  securityContext?: k8s.V1PodSecurityContext;
  containerSecurityContext?: k8s.V1SecurityContext;
  resources?: k8s.V1ResourceRequirements;
  env?: k8s.V1EnvVar[];
  envFrom?: k8s.V1EnvFromSource[];
  volumes?: k8s.V1Volume[];
  volumeMounts?: k8s.V1VolumeMount[];
  initContainers?: InitContainer[];
  readinessProbe?: k8s.V1Probe;
  livenessProbe?: k8s.V1Probe;
}

export type InitContainer = Pick<
  k8s.V1Container,
  "image" | "env" | "envFrom" | "command" | "args" | "workingDir" | "volumeMounts" | "resources" | "restartPolicy"
> & { name?: string };

export interface TestRunSpec {
  script: {
    configMap?: { name?: string; file?: string };
    volumeClaim?: { name?: string; file?: string; readOnly?: boolean };
    localFile?: string;
  };
  parallelism: number;
  arguments?: string;
  args?: string[];
  ports?: k8s.V1ContainerPort[];
  separate?: boolean;
  /** `"true"` or `"false"`, as `paused`. */
  quiet?: string;
  paused?: string;
  cleanup?: "post";
  runner?: PodSettings;
  initializer?: PodSettings;
  starter?: PodSettings;
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  /** ISO time, whole seconds. */
  lastTransitionTime: string;
}

export interface TestRunStatus {
  stage?: Stage;
  conditions?: Condition[];
}

export interface TestRun {
  apiVersion?: string;
  kind?: string;
  metadata: { name: string; namespace: string; uid: string };
  spec: TestRunSpec;
  status?: TestRunStatus;
}

/** What makes Kubernetes remove an object with its TestRun. */
export function ownerOf({ metadata }: TestRun): k8s.V1OwnerReference {
  return {
    apiVersion: `${testRunResource.group}/${testRunResource.version}`,
    kind: "TestRun",
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
