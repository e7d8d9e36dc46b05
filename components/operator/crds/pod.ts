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

/** What k6-operator takes for the starter; it drops the rest, and so does the API server. */
export const starterSchema: Schema = object({
  affinity: kubernetes("V1Affinity"),
  automountServiceAccountToken: oneOf("true", "false"),
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
  priorityClassName: text,
  schedulerName: text,
});

/** What it takes for the initializer besides; `disabled` leaves the initializer out. */
export const initializerSchema: Schema = object({
  ...starterSchema.properties,
  disabled: flag,
  env: list(kubernetes("V1EnvVar")),
  envFrom: list(kubernetes("V1EnvFromSource")),
  initContainers: list(initContainer),
  volumes: list(kubernetes("V1Volume")),
  volumeMounts: list(kubernetes("V1VolumeMount")),
});

/** What it takes for runners besides. */
export const runnerSchema: Schema = object({
  ...initializerSchema.properties,
  readinessProbe: kubernetes("V1Probe"),
  livenessProbe: kubernetes("V1Probe"),
});
