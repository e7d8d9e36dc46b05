import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { roleLabels } from "../../kube/labels";
import { holderLabels } from "../admin/holders";
import { gatewayVariables } from "./configuration";
import { gatewayMetricsPort, gatewayPort } from "./names";
import type { GatewaySizes } from "./settings";

type DeploymentSpec = k8s.types.input.apps.v1.DeploymentSpec;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Where the configuration is mounted. */
export const configurationFolder = "/etc/gateway";
/** Name of the configuration's file. */
export const configurationFile = "telegraf.conf";

/** Objects that a gateway's pods use, by name; another content is another name, and so other pods. */
export interface GatewayObjects {
  configMap: pulumi.Input<string>;
  /** Secret with the runners' pair. */
  pair: pulumi.Input<string>;
  /** Secret with the store's token. */
  token: pulumi.Input<string>;
  /** Which token that is, where it must not be revoked before its pods are gone. */
  tokenId?: pulumi.Input<string>;
}

// Any user but root; the official image's own is this one in its Alpine variant or another, and nothing is written.
const user = 999;
// The Service forgets a pod that ends within a second or two; until then new connections may still come to it.
const drainSeconds = 5;

/** Replicas that are replaced one by one, the new one first: at no time is there one less. */
export function gatewayDeployment(sizes: GatewaySizes, objects: GatewayObjects): DeploymentSpec {
  const labels = roleLabels("gateway");
  return {
    replicas: sizes.replicas,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    minReadySeconds: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels: { ...labels, ...(objects.tokenId === undefined ? {} : holderLabels(objects.tokenId)) } },
      spec: gatewayPod(sizes, objects, labels),
    },
  };
}

function gatewayPod(sizes: GatewaySizes, { configMap, pair, token }: GatewayObjects, labels: Record<string, string>): PodSpec {
  const { image, imagePullPolicy, cpu, memory, exposeMetrics } = sizes;
  const fromSecret = (name: string, secret: pulumi.Input<string>, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  });
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // After the drain Telegraf writes what it holds, with 10 s for each try.
    terminationGracePeriodSeconds: drainSeconds + 40,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } } },
        ],
      },
    },
    containers: [
      {
        name: "telegraf",
        image,
        imagePullPolicy,
        // Not the official image's entry point, which wants to be root.
        command: ["telegraf", "--config", `${configurationFolder}/${configurationFile}`],
        env: [
          fromSecret(gatewayVariables.username, pair, "username"),
          fromSecret(gatewayVariables.password, pair, "password"),
          fromSecret(gatewayVariables.token, token, "token"),
          { name: gatewayVariables.relay, valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          // Collects garbage in time, as the buffer fills most of the memory.
          { name: "GOMEMLIMIT", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
        ],
        ports: [
          { name: "influxdb", containerPort: gatewayPort },
          ...(exposeMetrics ? [{ name: "metrics", containerPort: gatewayMetricsPort }] : []),
        ],
        resources: { requests: { cpu, memory }, limits: { cpu, memory } },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        // Not whether the store answers: a gateway that waits for it must go on taking samples.
        readinessProbe: { tcpSocket: { port: "influxdb" }, periodSeconds: 2, timeoutSeconds: 3 },
        livenessProbe: {
          tcpSocket: { port: "influxdb" },
          periodSeconds: 20,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
        lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
        volumeMounts: [{ name: "configuration", mountPath: configurationFolder, readOnly: true }],
      },
    ],
    volumes: [{ name: "configuration", configMap: { name: configMap } }],
  };
}
