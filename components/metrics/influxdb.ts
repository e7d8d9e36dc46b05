import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../errors";
import { removedAtOnce } from "../kube/annotations";
import type { ClusterAccess } from "../kube/cluster";
import { labelKeys, roleLabels } from "../kube/labels";
import { egressRules } from "../network/targets";
import { storePort } from "../network/platform-rules";
import type { StoreParts } from "../run/load-test-args";
import { deployServer } from "./influxdb-server";
import { influxDbProblems, type InfluxDbBinding, type InfluxDbSettings, type StoreAddresses } from "./influxdb-settings";
import { rollupFlux } from "./rollup";
import type { StoreAccessArgs } from "./store-access-args";
import { StoreBucket } from "./store-bucket";
import { StoreMapping } from "./store-mapping";
import { StoreTask } from "./store-task";
import { StoreToken } from "./store-token";

/** Where an `InfluxDb` stands. */
export interface InfluxDbArgs extends InfluxDbSettings {
  /** Namespace of the store, where one is deployed, and of the pods that write to it. */
  namespace: pulumi.Input<string>;
  /** Which pods write samples; where a bound store says its `addresses`, only they reach it. @default "runner" */
  writer?: "runner" | "gateway";
  /** The cluster, for what is set up inside the store, which is done through the API server. @default the ambient one */
  cluster?: ClusterAccess;
}

/**
 * An InfluxDB 2 for samples, deployed or bound, with what load tests need inside of it: a bucket for samples, one for what is rolled up of
 * them, the task that does it, and a token each for writing and for reading. See docs/store.md.
 *
 * @throws {ArgumentError} with everything that is wrong, before anything is created
 */
export class InfluxDb extends pulumi.ComponentResource {
  /** What pods write to. */
  readonly url: pulumi.Output<string>;
  readonly org: pulumi.Output<string>;
  /** Bucket with samples. */
  readonly bucket: pulumi.Output<string>;
  /** Bucket with what is rolled up; empty where nothing is. */
  readonly rollupBucket: pulumi.Output<string>;
  /** Name of the store's Service in its namespace; empty where the store is reached by URL. */
  readonly service: pulumi.Output<string>;
  /** Port of that Service, or 0. */
  readonly port: pulumi.Output<number>;
  /** How runs write and how they are judged; the token for reading in it is a secret. */
  readonly binding: StoreParts;
  /** Name of the Secret with the keys `username` and `password` for writing. */
  readonly writeSecret: pulumi.Output<string>;
  /** Name of the Secret with the key `token` for reading. */
  readonly readSecret: pulumi.Output<string>;
  /** Token that may write the bucket, and so delete in it; a secret. */
  readonly writeToken: pulumi.Output<string>;
  /** Another one at each rotation and not secret, for an annotation of pods that must restart with the new token. */
  readonly writeTokenId: pulumi.Output<string>;
  /** Token that may read both buckets; a secret. */
  readonly readToken: pulumi.Output<string>;
  /** As `writeTokenId`. */
  readonly readTokenId: pulumi.Output<string>;
  /** The token that may everything, for backups; a secret. */
  readonly adminToken: pulumi.Output<string>;

  constructor(name: string, args: InfluxDbArgs, opts?: pulumi.ComponentResourceOptions) {
    // Children inherit protection, and tokens and their Secrets must stay free to be made anew: only what holds data is protected.
    const { protect = false, ...own } = opts ?? {};
    super("pulumi-k6:index:InfluxDb", name, {}, own);
    validated(name, args);
    const { namespace, bind, bucket = "k6", retentionHours = 720, retainData = false, rotation = "1", rollup = {} } = args;
    const child = { parent: this };
    const store = bind === undefined ? deployed(name, args, { ...child, protect }) : bound(bind, args.cluster);
    const { access, url } = store;
    const inside = { ...child, dependsOn: store.dependsOn, deletedWith: retainData ? undefined : store.goesWith };
    const data = { ...child, protect, dependsOn: store.dependsOn, deletedWith: store.goesWith };
    const owner = `pulumi-k6 ${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
    const exclusive = bind === undefined;
    const bucketArgs = { ...access, owner, exclusive, retainData };

    const samples = new StoreBucket(name, { ...bucketArgs, bucket, retentionSeconds: retentionHours * 3600 }, data);
    const buckets = [samples.bucket];
    if (rollup.enabled ?? true) {
      const { windowSeconds = 60, retentionHours: rolledUpHours = 17520 } = rollup;
      const rolledUp = new StoreBucket(
        `${name}-rollup`,
        { ...bucketArgs, bucket: rollup.bucket ?? `${bucket}-rollup`, retentionSeconds: rolledUpHours * 3600 },
        data,
      );
      buckets.push(rolledUp.bucket);
      const task = `${owner}: roll up ${bucket}`;
      const flux = pulumi.all(buckets).apply(([from = "", to = ""]) => rollupFlux({ task, from, to, windowSeconds }));
      new StoreTask(`${name}-rollup`, { ...access, task, flux }, inside);
    }
    if (args.database !== undefined) {
      new StoreMapping(name, { ...access, database: args.database, bucket: samples.bucket }, inside);
    }
    const tokenArgs = { ...access, owner, rotation, exclusive };
    const write = new StoreToken(
      `${name}-write`,
      { ...tokenArgs, ...args.cluster, action: "write", buckets: [samples.bucket], holdersIn: namespace },
      inside,
    );
    const read = new StoreToken(`${name}-read`, { ...tokenArgs, action: "read", buckets }, inside);

    // Named by Pulumi: another token is another name, so that whatever refers to it starts anew with it.
    const secret = (what: string, stringData: Record<string, pulumi.Input<string>>) =>
      new k8s.core.v1.Secret(
        `${name}-${what}`,
        { metadata: { namespace, labels: roleLabels("store"), annotations: removedAtOnce }, immutable: true, stringData },
        child,
      );
    // InfluxDB's endpoint for version 1 takes any user name with a token as password.
    const writeSecret = secret("write", { username: "k6", password: write.token });
    const readSecret = secret("read", { token: read.token });
    if (bind?.addresses !== undefined) {
      openTo(name, { namespace, writer: args.writer ?? "runner", addresses: bind.addresses }, child);
    }

    this.url = url;
    this.org = pulumi.output(access.org);
    this.bucket = samples.bucket;
    this.rollupBucket = pulumi.output(buckets[1] ?? "");
    this.service = pulumi.output(access.service?.service ?? "");
    this.port = pulumi.output(access.service?.port ?? 0);
    this.writeSecret = writeSecret.metadata.name;
    this.readSecret = readSecret.metadata.name;
    this.writeToken = pulumi.secret(write.token);
    this.writeTokenId = write.tokenId;
    this.readToken = pulumi.secret(read.token);
    this.readTokenId = read.tokenId;
    this.adminToken = pulumi.secret(access.adminToken);
    this.binding = {
      writeUrl: this.url,
      bucket: this.bucket,
      org: this.org,
      writeSecret: this.writeSecret,
      ...(access.service === undefined ? { url } : { service: pulumi.output(access.service) }),
      readToken: this.readToken,
    };
    const { org, rollupBucket, binding, writeToken, writeTokenId, readToken, readTokenId } = this;
    this.registerOutputs({
      ...{ url, org, bucket: this.bucket, rollupBucket, binding, writeToken, writeTokenId, readToken, readTokenId },
      ...{ writeSecret: this.writeSecret, readSecret: this.readSecret },
    });
  }
}

/** A store that is there: how Pulumi reaches it, and what pods write to. */
interface Standing {
  access: StoreAccessArgs;
  url: pulumi.Output<string>;
  dependsOn: pulumi.Resource[];
  /** With what the insides of the store go, so that they need not be removed one by one. */
  goesWith?: pulumi.Resource;
}

function deployed(name: string, args: InfluxDbArgs, opts: pulumi.CustomResourceOptions): Standing {
  const { namespace, cluster, org = "load-tests", bucket = "k6", retentionHours = 720 } = args;
  const where = { namespace, cluster, org, bucket, retentionSeconds: retentionHours * 3600 };
  const { service, adminToken, statefulSet, setup } = deployServer(name, where, args, opts);
  return {
    access: { ...cluster, service: { namespace, service, port: storePort }, org, adminToken },
    url: pulumi.interpolate`http://${service}.${namespace}.svc:${storePort}`,
    dependsOn: [setup],
    goesWith: statefulSet,
  };
}

function bound({ url, service, org, token }: InfluxDbBinding, cluster?: ClusterAccess): Standing {
  const access = { ...cluster, org, adminToken: pulumi.secret(token) };
  if (service === undefined) {
    // Checked before: one of the two is there.
    const address = pulumi.output(url ?? "").apply((given) => given.replace(/\/$/, ""));
    return { access: { org, adminToken: access.adminToken, url: address }, url: address, dependsOn: [] };
  }
  const inCluster = `http://${service.service}.${service.namespace}.svc:${service.port}`;
  return { access: { ...access, service }, url: pulumi.output(url ?? inCluster), dependsOn: [] };
}

/** Lets what writes samples, and nothing else, out to a store that is elsewhere. */
function openTo(
  name: string,
  { namespace, writer, addresses }: Required<Pick<InfluxDbArgs, "namespace" | "writer">> & { addresses: StoreAddresses },
  opts: pulumi.CustomResourceOptions,
): void {
  new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata: { name: "allow-to-bound-store", namespace, labels: roleLabels("store"), annotations: removedAtOnce },
      spec: {
        podSelector: { matchLabels: { [labelKeys.role]: writer } },
        policyTypes: ["Egress"],
        egress: egressRules([addresses]),
      },
    },
    opts,
  );
}

function validated(name: string, args: InfluxDbArgs): void {
  const problems = influxDbProblems(args);
  if (problems.length > 0) {
    throw new ArgumentError(`store ${name}`, problems);
  }
}
