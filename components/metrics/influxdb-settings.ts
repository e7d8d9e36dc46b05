import type * as pulumi from "@pulumi/pulumi";
import { type Problem, Problems } from "../errors";
import type { ServiceAddress } from "../kube/tunnel";
import { checkTargets } from "../network/targets";
import { shortestRetentionSeconds } from "./retention";
import { rollupEverySeconds } from "./rollup";

/** How a store is sized and how long it keeps data, or which one is used that is there already. */
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
  rollup?: RollupSettings;
  /** A name by which clients of InfluxDB 1 find the bucket. InfluxDB 2 maps each bucket by its own name. @default none more */
  database?: string;
  /** Any text; with another one all tokens are made anew, and the old ones revoked when all that used them have the new. @default "1" */
  rotation?: string;
  /** Whether samples outlive `pulumi destroy`: the volume of a store that is deployed, the buckets of one that is bound. @default false */
  retainData?: boolean;
  /** The admin token of a volume that was kept (`retainData`). A secret. @default a generated one */
  adminToken?: pulumi.Input<string>;
  /** An InfluxDB 2 that is there already, in the cluster or outside. @default none: one is deployed */
  bind?: InfluxDbBinding;
}

/** Samples added up by the minute, which are small enough to be kept for years. */
export interface RollupSettings {
  /** @default true */
  enabled?: boolean;
  /** @default "<bucket>-rollup" */
  bucket?: string;
  /** Length of a window; it must go into 600 a whole number of times. @default 60 */
  windowSeconds?: number;
  /** How long they are kept; 0 keeps them for ever. @default 17520 (2 years) */
  retentionHours?: number;
}

/** An InfluxDB 2 that is there already. */
export interface InfluxDbBinding {
  /** What pods of the cluster write to, and, without `service`, what Pulumi speaks to. @default that of `service` */
  url?: pulumi.Input<string>;
  /** The Service of a store in the same cluster: Pulumi then reaches it through the API server. */
  service?: ServiceAddress;
  /** The organisation; it must exist. */
  org: string;
  /** A token that may make buckets, tasks and tokens in the organisation: an all-access one. A secret. */
  token: pulumi.Input<string>;
  /** Where the store is for network policies, as a target: without it pods of a closed namespace do not reach it. */
  addresses?: StoreAddresses;
}

/** Where a bound store is: address ranges outside the cluster, or pods in it. */
export interface StoreAddresses {
  cidrs?: string[];
  namespace?: string;
  podLabels?: Record<string, string>;
  /** TCP ports; of pods the container's, not that of a Service. */
  ports: number[];
}

/** What of the settings is for a store that is deployed. */
const deployed = ["image", "imagePullPolicy", "cpu", "memory", "storageSize", "storageClass", "adminToken", "org"] as const;

/** Everything that is wrong with the settings of a store. */
export function influxDbProblems(settings: InfluxDbSettings): readonly Problem[] {
  const problems = new Problems();
  const { retentionHours = 720, bucket = "k6", rollup = {}, bind, rotation } = settings;
  checkRetention("retentionHours", retentionHours, problems);
  if (rollup.enabled ?? true) {
    checkRollup(bucket, rollup, problems);
  }
  if (rotation === "") {
    problems.add("rotation", 'is empty: give any text, e.g. "2".');
  }
  if (bind !== undefined) {
    checkBinding(settings, bind, problems);
  }
  return problems.all;
}

function checkRetention(path: string, retentionHours: number, problems: Problems): void {
  const seconds = retentionHours * 3600;
  if (retentionHours !== 0 && !(Number.isInteger(seconds) && seconds >= shortestRetentionSeconds)) {
    problems.add(path, `${retentionHours} is less than InfluxDB can keep: use at least 1 hour, or 0 to keep samples for ever.`);
  }
}

function checkRollup(bucket: string, rollup: RollupSettings, problems: Problems): void {
  const { windowSeconds = 60, retentionHours = 17520 } = rollup;
  if (rollup.bucket === bucket) {
    problems.add("rollup.bucket", `"${bucket}" is the bucket of the samples themselves: give another name.`);
  }
  if (!Number.isInteger(windowSeconds) || windowSeconds < 1 || rollupEverySeconds % windowSeconds !== 0) {
    problems.add(
      "rollup.windowSeconds",
      `${windowSeconds} does not go into the ${rollupEverySeconds} s after which samples are rolled up: use for example 10, 30, 60 or 300.`,
    );
  }
  checkRetention("rollup.retentionHours", retentionHours, problems);
}

function checkBinding(settings: InfluxDbSettings, { url, service, org, addresses }: InfluxDbBinding, problems: Problems): void {
  for (const key of deployed.filter((name) => settings[name] !== undefined)) {
    problems.add(key, `has no meaning for a store that is bound: ${key === "org" ? "say it in bind.org" : "leave it out"}.`);
  }
  if (url === undefined && service === undefined) {
    problems.add("bind", "says neither url nor service: give the URL of an InfluxDB 2, or the Service of one in the cluster.");
  }
  if (typeof url === "string" && !/^https?:\/\/[^/]+$/.test(url)) {
    problems.add("bind.url", `"${url}" is not an address alone: write http:// or https://, host and port, and no path.`);
  }
  if (org === "") {
    problems.add("bind.org", "is empty: name an organisation of the store (`influx org list`).");
  }
  if (addresses !== undefined) {
    checkTargets([addresses], "bind.addresses", problems);
  }
}
