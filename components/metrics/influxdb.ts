import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Problems } from "../errors";
import { removedAtOnce } from "../kube/annotations";
import type { ClusterAccess } from "../kube/cluster";
import { roleLabels } from "../kube/labels";
import { storePort } from "../network/platform-rules";
import { influxDbStatefulSet } from "./influxdb-stateful-set";
import { shortestRetentionSeconds } from "./retention";
import { InfluxDbSetup } from "./setup";

/** How a store is sized and how long it keeps data. */
export interface InfluxDbSettings {
  /** @default "influxdb:2.7.12" */
  image?: string;
  /** @default "IfNotPresent" */
  imagePullPolicy?: string;
  /** Request and limit. @default "1" */
  cpu?: string;
  /** Request and limit. @default "1Gi" */
  memory?: string;
  /** @default "20Gi" */
  storageSize?: string;
  /** @default the cluster's default class */
  storageClass?: string;
  /** How long samples are kept; 0 keeps them for ever. @default 720 (30 days) */
  retentionHours?: number;
  /** @default "load-tests" */
  org?: string;
  /** @default "k6" */
  bucket?: string;
}

/** Where an `InfluxDb` stands. */
export interface InfluxDbArgs extends InfluxDbSettings {
  /** Namespace of the store and of the runners that write to it. */
  namespace: pulumi.Input<string>;
  /** The cluster, for the setup inside the store, which is done through the API server. @default the ambient one */
  cluster?: ClusterAccess;
}

/** Name of the store's Service in its namespace. */
const service = "influxdb";
/** Name of the Secret by which runners may write. */
const writeSecretName = "k6-store-write";

/**
 * An InfluxDB 2 with one organisation and one bucket, and a Secret by which runners may write to that bucket and do nothing else.
 * Its volume outlives it, and goes with the namespace.
 *
 * @throws {ArgumentError} when the retention cannot be had
 */
export class InfluxDb extends pulumi.ComponentResource {
  /** What runners write to. */
  readonly url: pulumi.Output<string>;
  readonly org: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly service: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Name of the Secret with the keys `username` and `password` for writing. */
  readonly writeSecret: pulumi.Output<string>;
  /** Token that may read the bucket; a secret. */
  readonly readToken: pulumi.Output<string>;

  constructor(name: string, args: InfluxDbArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:InfluxDb", name, {}, opts);
    const { org = "load-tests", bucket = "k6", retentionHours = 720 } = args;
    checkRetention(name, retentionHours);
    const { namespace } = args;
    const labels = roleLabels("store");
    const child = { parent: this };

    const ports = [{ name: "http", port: storePort, targetPort: "http" }];
    const headless = new k8s.core.v1.Service(
      `${name}-peers`,
      {
        metadata: { name: `${service}-peers`, namespace, labels, annotations: removedAtOnce },
        spec: { clusterIP: "None", selector: labels, ports, publishNotReadyAddresses: true },
      },
      child,
    );
    const statefulSet = new k8s.apps.v1.StatefulSet(
      name,
      {
        metadata: { name: service, namespace, labels },
        spec: influxDbStatefulSet(headless.metadata.name, {
          image: args.image ?? "influxdb:2.7.12",
          imagePullPolicy: args.imagePullPolicy ?? "IfNotPresent",
          cpu: args.cpu ?? "1",
          memory: args.memory ?? "1Gi",
          storageSize: args.storageSize ?? "20Gi",
          storageClass: args.storageClass,
        }),
      },
      child,
    );
    const clusterService = new k8s.core.v1.Service(
      `${name}-service`,
      {
        // Pulumi would wait ten seconds for the endpoints to settle, where the pod behind it is ready already.
        metadata: { name: service, namespace, labels, annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
        spec: { selector: labels, ports },
      },
      { ...child, dependsOn: statefulSet },
    );

    const adminPassword = new random.RandomPassword(`${name}-admin-password`, { length: 32, special: false }, child);
    const adminToken = new random.RandomPassword(`${name}-admin-token`, { length: 64, special: false }, child);
    const setup = new InfluxDbSetup(
      `${name}-setup`,
      {
        ...args.cluster,
        namespace,
        service: clusterService.metadata.name,
        port: storePort,
        org,
        bucket,
        retentionSeconds: retentionHours * 3600,
        username: "admin",
        adminPassword: adminPassword.result,
        adminToken: adminToken.result,
      },
      { ...child, dependsOn: clusterService },
    );
    const writeSecret = new k8s.core.v1.Secret(
      `${name}-write`,
      {
        metadata: { name: writeSecretName, namespace, labels, annotations: removedAtOnce },
        // InfluxDB's endpoint for version 1 takes any user name with a token as password.
        stringData: { username: "k6", password: setup.writeToken },
      },
      child,
    );

    this.url = pulumi.interpolate`http://${clusterService.metadata.name}.${namespace}.svc:${storePort}`;
    this.org = pulumi.output(org);
    this.bucket = pulumi.output(bucket);
    this.service = clusterService.metadata.name;
    this.port = pulumi.output(storePort);
    this.writeSecret = writeSecret.metadata.name;
    this.readToken = pulumi.secret(setup.readToken);
    this.registerOutputs({
      url: this.url,
      org: this.org,
      bucket: this.bucket,
      service: this.service,
      port: this.port,
      writeSecret: this.writeSecret,
      readToken: this.readToken,
    });
  }
}

function checkRetention(name: string, retentionHours: number): void {
  const problems = new Problems();
  const seconds = retentionHours * 3600;
  if (retentionHours !== 0 && (!Number.isInteger(seconds) || seconds < shortestRetentionSeconds)) {
    problems.add(
      "retentionHours",
      `${retentionHours} is less than InfluxDB can keep: use at least 1 hour, or 0 to keep samples for ever.`,
    );
  }
  problems.throwIfAny(`store ${name}`);
}
