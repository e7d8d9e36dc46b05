import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelKeys } from "../kube/labels";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Port of the controller's Prometheus metrics. */
export const metricsPort = 8080;
const healthPort = 8081;

/** What the controller's pods are made of. */
export interface ControllerPod {
  image: string;
  serviceAccountName: pulumi.Input<string>;
  /** Comma-separated; none: all namespaces. */
  watchNamespaces?: pulumi.Input<string>;
  hasLeaderElection: boolean;
  resources: pulumi.Input<k8s.types.input.core.v1.ResourceRequirements>;
  labels: Record<string, string>;
  priorityClassName?: string;
  imagePullSecrets?: string[];
  nodeSelector?: Record<string, string>;
  tolerations?: k8s.types.input.core.v1.Toleration[];
}

/** Labels of the pods of one operator. */
export function controllerLabels(instance: string): Record<string, string> {
  return { [labelKeys.name]: "k6-operator", "app.kubernetes.io/instance": instance };
}

/** The controller's pod under Pod Security `restricted`. */
export function controllerPod(pod: ControllerPod): PodSpec {
  const { watchNamespaces, hasLeaderElection, imagePullSecrets = [], labels } = pod;
  return {
    serviceAccountName: pod.serviceAccountName,
    enableServiceLinks: false,
    // The controller ends at once; it has nothing to write down.
    terminationGracePeriodSeconds: 10,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [apart(labels)] } },
    containers: [
      {
        name: "manager",
        image: pod.image,
        args: [
          `--metrics-bind-address=:${metricsPort}`,
          `--health-probe-bind-address=:${healthPort}`,
          ...(hasLeaderElection ? ["--leader-elect"] : []),
        ],
        ...(watchNamespaces === undefined ? {} : { env: [{ name: "WATCH_NAMESPACES", value: watchNamespaces }] }),
        ports: [
          { name: "metrics", containerPort: metricsPort },
          { name: "health", containerPort: healthPort },
        ],
        resources: pod.resources,
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        livenessProbe: { httpGet: { path: "/healthz", port: "health" }, initialDelaySeconds: 15, periodSeconds: 20 },
        readinessProbe: { httpGet: { path: "/readyz", port: "health" }, periodSeconds: 5 },
      },
    ],
    ...(pod.priorityClassName === undefined ? {} : { priorityClassName: pod.priorityClassName }),
    ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...(pod.nodeSelector === undefined ? {} : { nodeSelector: pod.nodeSelector }),
    ...(pod.tolerations === undefined ? {} : { tolerations: pod.tolerations }),
  };
}

function apart(labels: Record<string, string>): k8s.types.input.core.v1.WeightedPodAffinityTerm {
  return { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } } };
}
