import { kubernetesSchema } from "./kubernetes-schema";
import type { Schema } from "./schema";
import { flag, list, map, object, oneOf, text } from "./schema";

const kubernetes = kubernetesSchema;

const initContainer = object({
  name: text,
  image: text,
  env: list(kubernetes("V1EnvVar")),
  envFrom: list(kubernetes("V1EnvFromSource")),
  command: list(text),
  args: list(text),
  workingDir: text,
  volumeMounts: list(kubernetes("V1VolumeMount")),
  resources: kubernetes("V1ResourceRequirements"),
  restartPolicy: text,
});

/** How k6-operator makes the pods of a runner, the starter or the initializer. */
export const podSchema: Schema = object({
  disabled: flag,
  affinity: kubernetes("V1Affinity"),
  automountServiceAccountToken: oneOf("true", "false"),
  env: list(kubernetes("V1EnvVar")),
  envFrom: list(kubernetes("V1EnvFromSource")),
  image: text,
  imagePullSecrets: list(kubernetes("V1LocalObjectReference")),
  imagePullPolicy: oneOf("Always", "IfNotPresent", "Never"),
  metadata: object({ labels: map(text), annotations: map(text) }),
  nodeSelector: map(text),
  tolerations: list(kubernetes("V1Toleration")),
  topologySpreadConstraints: list(kubernetes("V1TopologySpreadConstraint")),
  resources: kubernetes("V1ResourceRequirements"),
  serviceAccountName: text,
  securityContext: kubernetes("V1PodSecurityContext"),
  containerSecurityContext: kubernetes("V1SecurityContext"),
  readinessProbe: kubernetes("V1Probe"),
  livenessProbe: kubernetes("V1Probe"),
  initContainers: list(initContainer),
  volumes: list(kubernetes("V1Volume")),
  volumeMounts: list(kubernetes("V1VolumeMount")),
  priorityClassName: text,
  schedulerName: text,
});
