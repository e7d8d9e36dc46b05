import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { removedAtOnce } from "../kube/annotations";
import { roleLabels } from "../kube/labels";
import { grafanaDeployment, grafanaPort, grafanaService } from "./pod";
import { grafanaPolicies } from "./policies";
import { dashboardFiles, dashboardProviderFile, dataSourceFile } from "./provisioning";
import type { GrafanaStore } from "./grafana";
import type { GrafanaIngress, GrafanaSettings } from "./settings";

/** A server that is deployed. */
export interface GrafanaServer {
  /** Address for people. */
  url: pulumi.Output<string>;
  /** Name of its Service. */
  service: pulumi.Output<string>;
  /** Password of the user `admin`; a secret. */
  adminPassword: pulumi.Output<string>;
}

/** Deploys a Grafana with data source and dashboards as files, which nobody can change in it. Everything gets `opts`. */
export function deployGrafana(
  name: string,
  namespace: pulumi.Input<string>,
  store: GrafanaStore,
  settings: GrafanaSettings,
  opts: pulumi.CustomResourceOptions,
): GrafanaServer {
  const labels = roleLabels("grafana");
  // Named by Pulumi: another content is another name, so that the pod is replaced.
  const metadata = { namespace, labels, annotations: removedAtOnce };
  const { folder = "k6", prometheus = false } = settings;
  const url = pulumi.output(addressOf(settings) ?? pulumi.interpolate`http://${grafanaService}.${namespace}.svc:${grafanaPort}`);

  const policies = Object.entries(grafanaPolicies(settings)).map(
    ([policy, spec]) =>
      new k8s.networking.v1.NetworkPolicy(`${name}-${policy}`, { metadata: { ...metadata, name: policy }, spec }, opts),
  );
  const adminPassword = new random.RandomPassword(`${name}-admin-password`, { length: 32, special: false }, opts);
  const secret = new k8s.core.v1.Secret(
    `${name}-secret`,
    { metadata, immutable: true, stringData: { password: adminPassword.result, token: pulumi.secret(store.readToken) } },
    opts,
  );
  const dataSource = pulumi
    .all([store.url, store.org, store.bucket])
    .apply(([storeUrl, org, bucket]) => dataSourceFile({ storeUrl, org, bucket }));
  const provisioning = new k8s.core.v1.ConfigMap(
    `${name}-provisioning`,
    { metadata, immutable: true, data: { "datasources.yaml": dataSource, "dashboards.yaml": dashboardProviderFile(folder) } },
    opts,
  );
  const dashboards = new k8s.core.v1.ConfigMap(
    `${name}-dashboards`,
    { metadata, immutable: true, data: dashboardFiles({ prometheus }) },
    opts,
  );
  const claim = claimOf(name, namespace, settings, opts);
  const deployment = new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { name: grafanaService, namespace, labels },
      spec: grafanaDeployment(
        {
          image: settings.image ?? "grafana/grafana:13.1.3",
          imagePullPolicy: settings.imagePullPolicy ?? "IfNotPresent",
          cpu: settings.cpu ?? "500m",
          memory: settings.memory ?? "512Mi",
          ...{ url, hasPath: hasPath(addressOf(settings)), anonymousViewers: settings.anonymousViewers ?? false },
        },
        {
          provisioning: provisioning.metadata.name,
          dashboards: dashboards.metadata.name,
          secret: secret.metadata.name,
          ...(claim === undefined ? {} : { claim: claim.metadata.name }),
        },
      ),
    },
    // No pod of ours runs before it may do what it needs.
    { ...opts, dependsOn: policies },
  );
  const service = new k8s.core.v1.Service(
    `${name}-service`,
    {
      metadata: { ...metadata, name: grafanaService, annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
      spec: { selector: labels, ports: [{ name: "http", port: grafanaPort, targetPort: "http" }] },
    },
    { ...opts, dependsOn: deployment },
  );
  if (settings.ingress !== undefined) {
    expose(name, namespace, settings.ingress, pathOf(addressOf(settings)), opts);
  }
  return { url, service: service.metadata.name, adminPassword: pulumi.secret(adminPassword.result) };
}

function claimOf(
  name: string,
  namespace: pulumi.Input<string>,
  { storage }: GrafanaSettings,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.PersistentVolumeClaim | undefined {
  if (storage === undefined) {
    return undefined;
  }
  const { size = "1Gi", storageClass } = storage;
  return new k8s.core.v1.PersistentVolumeClaim(
    `${name}-data`,
    {
      // Some classes bind a claim only when there is a pod for it, so that waiting would never end.
      metadata: { namespace, labels: roleLabels("grafana"), annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: size } },
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      },
    },
    opts,
  );
}

function expose(
  name: string,
  namespace: pulumi.Input<string>,
  { host, className, tlsSecret }: GrafanaIngress,
  path: string,
  opts: pulumi.CustomResourceOptions,
): void {
  const backend = { service: { name: grafanaService, port: { name: "http" } } };
  new k8s.networking.v1.Ingress(
    name,
    {
      // Whether its controller gives it an address is not ours to wait for.
      metadata: { namespace, labels: roleLabels("grafana"), annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
      spec: {
        ...(className === undefined ? {} : { ingressClassName: className }),
        rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      },
    },
    opts,
  );
}

/** Address for people, where one is known. */
export function addressOf({ url, ingress }: Pick<GrafanaSettings, "url" | "ingress">): string | undefined {
  if (url !== undefined || ingress === undefined) {
    return url;
  }
  return `${ingress.tlsSecret === undefined ? "http" : "https"}://${ingress.host}`;
}

function pathOf(url: string | undefined): string {
  return url === undefined ? "/" : new URL(url).pathname;
}

function hasPath(url: string | undefined): boolean {
  return pathOf(url).replace(/\/+$/, "") !== "";
}
