import type { core } from "@pulumi/kubernetes/types/input";
import type { meta } from "@pulumi/kubernetes/types/output";
import type * as pulumi from "@pulumi/pulumi";

/** Where a TestRun's script is; exactly one of them. */
export interface TestRunScript {
  /** A key of a ConfigMap, mounted at `/test`; at most 1 MiB. */
  configMap?: pulumi.Input<{ name: pulumi.Input<string>; /** @default "test.js" */ file?: pulumi.Input<string> }>;
  /** A file on a volume, mounted at `/test` in every pod of the run. */
  volumeClaim?: pulumi.Input<{
    name: pulumi.Input<string>;
    /** @default "test.js" */
    file?: pulumi.Input<string>;
    readOnly?: pulumi.Input<boolean>;
  }>;
  /** Path in the runners' image. */
  localFile?: pulumi.Input<string>;
}

/** What can be said of every pod of a TestRun; of the starter, this is all. */
export interface TestRunStarter {
  affinity?: pulumi.Input<core.v1.Affinity>;
  /** `"true"` or `"false"`; no pod of a run needs the token. @default "true" */
  automountServiceAccountToken?: pulumi.Input<string>;
  /** @default "grafana/k6:latest", for the starter "ghcr.io/grafana/k6-operator:latest-starter" */
  image?: pulumi.Input<string>;
  imagePullSecrets?: pulumi.Input<pulumi.Input<core.v1.LocalObjectReference>[]>;
  imagePullPolicy?: pulumi.Input<string>;
  metadata?: pulumi.Input<{
    labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  }>;
  nodeSelector?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  tolerations?: pulumi.Input<pulumi.Input<core.v1.Toleration>[]>;
  topologySpreadConstraints?: pulumi.Input<pulumi.Input<core.v1.TopologySpreadConstraint>[]>;
  /** @default none; for the starter 100m CPU at most, which costs 75 ms of start skew per runner */
  resources?: pulumi.Input<core.v1.ResourceRequirements>;
  serviceAccountName?: pulumi.Input<string>;
  /** Of the pod. */
  securityContext?: pulumi.Input<core.v1.PodSecurityContext>;
  /** Of its container. */
  containerSecurityContext?: pulumi.Input<core.v1.SecurityContext>;
  priorityClassName?: pulumi.Input<string>;
  schedulerName?: pulumi.Input<string>;
}

/** The initializer, which reads the script before there are runners. */
export interface TestRunInitializer extends TestRunStarter {
  /** Do without it, and without the check that there are VUs for every runner. */
  disabled?: pulumi.Input<boolean>;
  env?: pulumi.Input<pulumi.Input<core.v1.EnvVar>[]>;
  /** Not seen by the script in the initializer, unlike `env`. */
  envFrom?: pulumi.Input<pulumi.Input<core.v1.EnvFromSource>[]>;
  initContainers?: pulumi.Input<pulumi.Input<TestRunInitContainer>[]>;
  volumes?: pulumi.Input<pulumi.Input<core.v1.Volume>[]>;
  volumeMounts?: pulumi.Input<pulumi.Input<core.v1.VolumeMount>[]>;
}

/** The runners. */
export interface TestRunRunner extends Omit<TestRunInitializer, "disabled"> {
  /** @default every 10 s, which can delay a start by as much */
  readinessProbe?: pulumi.Input<core.v1.Probe>;
  /** @default three failures of 1 s each kill the runner */
  livenessProbe?: pulumi.Input<core.v1.Probe>;
}

/** A container that runs before k6, or with `restartPolicy: "Always"` beside it. */
export interface TestRunInitContainer {
  name?: pulumi.Input<string>;
  image?: pulumi.Input<string>;
  env?: pulumi.Input<pulumi.Input<core.v1.EnvVar>[]>;
  envFrom?: pulumi.Input<pulumi.Input<core.v1.EnvFromSource>[]>;
  command?: pulumi.Input<pulumi.Input<string>[]>;
  args?: pulumi.Input<pulumi.Input<string>[]>;
  workingDir?: pulumi.Input<string>;
  volumeMounts?: pulumi.Input<pulumi.Input<core.v1.VolumeMount>[]>;
  resources?: pulumi.Input<core.v1.ResourceRequirements>;
  restartPolicy?: pulumi.Input<string>;
}

/** What a TestRun runs. */
export interface TestRunSpec {
  script: pulumi.Input<TestRunScript>;
  /** How many runners share the load of the script; it does not add load. */
  parallelism: pulumi.Input<number>;
  /** At most one runner on a node; replaces `runner.affinity`. */
  separate?: pulumi.Input<boolean>;
  /** Arguments for `k6 run`, one element each. `--out x` takes two elements: `--out=x` fails. */
  args?: pulumi.Input<pulumi.Input<string>[]>;
  /** The same as one text, split at spaces, which a shell reads differently in one of the pods: use `args`. */
  arguments?: pulumi.Input<string>;
  ports?: pulumi.Input<pulumi.Input<core.v1.ContainerPort>[]>;
  /** @default as `runner`; once it is given, nothing is taken from `runner` */
  initializer?: pulumi.Input<TestRunInitializer>;
  starter?: pulumi.Input<TestRunStarter>;
  runner?: pulumi.Input<TestRunRunner>;
  /** `"true"` or `"false"`. @default "true" */
  quiet?: pulumi.Input<string>;
  /** `"false"` lets each runner start by itself, not together. @default "true" */
  paused?: pulumi.Input<string>;
  /** `"post"` deletes the TestRun when it has finished, and with it its exit codes and logs. Needs a right that `K6Operator` does not give. */
  cleanup?: pulumi.Input<string>;
}

/** What k6-operator says of a TestRun. */
export interface TestRunStatus {
  /** `initialization`, `initialized`, `created`, `started`, `stopped`, `finished` or `error`. `finished` does not mean passed. */
  stage?: string;
  conditions?: meta.v1.Condition[];
  testRunId?: string;
}

/** How Grafana Cloud k6 may use this cluster. */
export interface PrivateLoadZoneSpec {
  /** Name of the Secret with the token of Grafana Cloud k6. */
  token: pulumi.Input<string>;
  /** Of each runner; limits of CPU and memory are needed. */
  resources: pulumi.Input<core.v1.ResourceRequirements>;
  serviceAccountName?: pulumi.Input<string>;
  nodeSelector?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  image?: pulumi.Input<string>;
  imagePullSecrets?: pulumi.Input<pulumi.Input<core.v1.LocalObjectReference>[]>;
  config?: pulumi.Input<{
    secrets?: pulumi.Input<
      pulumi.Input<{
        configMapRef?: pulumi.Input<core.v1.ConfigMapEnvSource>;
        secretRef?: pulumi.Input<core.v1.SecretEnvSource>;
      }>[]
    >;
  }>;
  /** Labels, annotations, tolerations, and the security contexts of pod and first container; nothing else of it is used. */
  podTemplate?: pulumi.Input<core.v1.PodTemplateSpec>;
}
