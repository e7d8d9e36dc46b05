import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { roleLabels } from "../kube/labels";
import { dashboardFolder, tokenVariable } from "./provisioning";

type DeploymentSpec = k8s.types.input.apps.v1.DeploymentSpec;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Grafana's HTTP port. */
export const grafanaPort = 3000;
/** Name of Grafana's Service and Deployment in its namespace. */
export const grafanaService = "grafana";

/** User of the official image. */
const user = 472;
const dataFolder = "/var/lib/grafana";
const provisioningFolder = "/etc/grafana/provisioning";
const secretFolder = "/etc/grafana-secrets";

/** What Grafana's pod is made of. */
export interface GrafanaPod {
  image: string;
  imagePullPolicy: string;
  cpu: string;
  memory: string;
  /** Address for people. */
  url: pulumi.Input<string>;
  /** Whether it is served under a path. */
  hasPath: boolean;
  anonymousViewers: boolean;
}

/** Objects that the pod uses, by name; another content is another name, and so another pod. */
export interface GrafanaObjects {
  /** ConfigMap with `datasources.yaml` and `dashboards.yaml`. */
  provisioning: pulumi.Input<string>;
  /** ConfigMap with the dashboards. */
  dashboards: pulumi.Input<string>;
  /** Secret with the keys `password` and `token`. */
  secret: pulumi.Input<string>;
  /** Claim for Grafana's data. @default what it has goes with the pod */
  claim?: pulumi.Input<string>;
}

/** One pod: Grafana keeps its data in a file that two cannot share. */
export function grafanaDeployment(pod: GrafanaPod, objects: GrafanaObjects): DeploymentSpec {
  const labels = roleLabels("grafana");
  return {
    replicas: 1,
    strategy: { type: "Recreate" },
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec(pod, objects) },
  };
}

function podSpec(pod: GrafanaPod, { provisioning, dashboards, secret, claim }: GrafanaObjects): PodSpec {
  const { image, imagePullPolicy, cpu, memory } = pod;
  const health = { httpGet: { path: "/api/health", port: "http" } };
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      ...{ runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user, fsGroupChangePolicy: "OnRootMismatch" },
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "grafana",
        ...{ image, imagePullPolicy },
        env: environment(pod, secret),
        ports: [{ name: "http", containerPort: grafanaPort }],
        resources: { requests: { cpu, memory }, limits: { cpu, memory } },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        // The first start makes its database, which takes long on a busy node.
        startupProbe: { ...health, periodSeconds: 2, failureThreshold: 90 },
        readinessProbe: { ...health, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: { ...health, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
        volumeMounts: [
          { name: "data", mountPath: dataFolder },
          { name: "tmp", mountPath: "/tmp" },
          {
            name: "provisioning",
            mountPath: `${provisioningFolder}/datasources/store.yaml`,
            subPath: "datasources.yaml",
            readOnly: true,
          },
          {
            name: "provisioning",
            mountPath: `${provisioningFolder}/dashboards/k6.yaml`,
            subPath: "dashboards.yaml",
            readOnly: true,
          },
          { name: "dashboards", mountPath: dashboardFolder, readOnly: true },
          { name: "secret", mountPath: secretFolder, readOnly: true },
        ],
      },
    ],
    volumes: [
      {
        name: "data",
        ...(claim === undefined ? { emptyDir: { sizeLimit: "1Gi" } } : { persistentVolumeClaim: { claimName: claim } }),
      },
      { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
      { name: "provisioning", configMap: { name: provisioning } },
      { name: "dashboards", configMap: { name: dashboards } },
      { name: "secret", secret: { secretName: secret, items: [{ key: "password", path: "password" }] } },
    ],
  };
}

function environment({ url, hasPath, anonymousViewers }: GrafanaPod, secret: pulumi.Input<string>) {
  const plain: Record<string, pulumi.Input<string>> = {
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${secretFolder}/password`,
    GF_SERVER_ROOT_URL: url,
    GF_SERVER_SERVE_FROM_SUB_PATH: String(hasPath),
    GF_AUTH_ANONYMOUS_ENABLED: String(anonymousViewers),
    GF_USERS_ALLOW_SIGN_UP: "false",
    // Nothing that goes to the internet, which the network policies forbid.
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_SECURITY_DISABLE_GRAVATAR: "true",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: "true",
  };
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    // Grafana's files can take variables alone.
    { name: tokenVariable, valueFrom: { secretKeyRef: { name: secret, key: "token" } } },
  ];
}
