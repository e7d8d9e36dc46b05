import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { removedAtOnce } from "../kube/annotations";
import type { ClusterAccess } from "../kube/cluster";
import { roleLabels } from "../kube/labels";
import { storePort } from "../network/platform-rules";
import { claimSpec, dataClaim, defaultStorageSize, influxDbStatefulSet, storeService } from "./influxdb-stateful-set";
import type { InfluxDbSettings } from "./influxdb-settings";
import { InfluxDbSetup } from "./setup";

/** Where a server is deployed and what its first set-up makes. */
export interface ServerArgs {
  namespace: pulumi.Input<string>;
  cluster?: ClusterAccess;
  org: string;
  bucket: string;
  retentionSeconds: number;
}

/** A server that is set up. */
export interface Server {
  service: pulumi.Output<string>;
  adminToken: pulumi.Output<string>;
  /** Goes with all that is inside of it. */
  statefulSet: k8s.apps.v1.StatefulSet;
  setup: InfluxDbSetup;
}

/** Deploys an InfluxDB 2 and sets it up. Everything gets `opts`; nothing here is a component of its own, since that would rename what is in users' states. */
export function deployServer(
  name: string,
  { namespace, cluster, org, bucket, retentionSeconds }: ServerArgs,
  settings: InfluxDbSettings,
  opts: pulumi.CustomResourceOptions,
): Server {
  const labels = roleLabels("store");
  const ports = [{ name: "http", port: storePort, targetPort: "http" }];
  const { storageClass, storageSize = defaultStorageSize, retainData = false } = settings;
  const volume = { storageSize, storageClass };
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    `${name}-data`,
    {
      // Some classes bind a claim only when there is a pod for it, so that waiting would never end.
      metadata: { name: dataClaim, namespace, labels, annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
      spec: claimSpec(volume),
    },
    { ...opts, retainOnDelete: retainData },
  );
  const headless = new k8s.core.v1.Service(
    `${name}-peers`,
    {
      metadata: { name: `${storeService}-peers`, namespace, labels, annotations: removedAtOnce },
      spec: { clusterIP: "None", selector: labels, ports, publishNotReadyAddresses: true },
    },
    opts,
  );
  const statefulSet = new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: { name: storeService, namespace, labels },
      spec: influxDbStatefulSet(headless.metadata.name, {
        ...volume,
        image: settings.image ?? "influxdb:2.7.12",
        imagePullPolicy: settings.imagePullPolicy ?? "IfNotPresent",
        cpu: settings.cpu ?? "1",
        memory: settings.memory ?? "1Gi",
      }),
    },
    // The template cannot be changed; the claim above can, and is the one that counts.
    { ...opts, dependsOn: claim, ignoreChanges: ["spec.volumeClaimTemplates"] },
  );
  const service = new k8s.core.v1.Service(
    `${name}-service`,
    {
      // Pulumi would wait ten seconds for the endpoints to settle, where the pod behind it is ready already.
      metadata: { name: storeService, namespace, labels, annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
      spec: { selector: labels, ports },
    },
    { ...opts, dependsOn: statefulSet },
  );
  const adminPassword = new random.RandomPassword(`${name}-admin-password`, { length: 32, special: false }, opts);
  const adminToken = adminTokenOf(name, settings, opts);
  const setup = new InfluxDbSetup(
    `${name}-setup`,
    {
      ...cluster,
      namespace,
      service: service.metadata.name,
      port: storePort,
      ...{ org, bucket, retentionSeconds },
      username: "admin",
      adminPassword: adminPassword.result,
      adminToken,
    },
    { ...opts, dependsOn: service },
  );
  return { service: service.metadata.name, adminToken, statefulSet, setup };
}

function adminTokenOf(name: string, { adminToken }: InfluxDbSettings, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return adminToken === undefined
    ? new random.RandomPassword(`${name}-admin-token`, { length: 64, special: false }, opts).result
    : pulumi.secret(adminToken);
}
