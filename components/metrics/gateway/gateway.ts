import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Problems } from "../../errors";
import { removedAtOnce } from "../../kube/annotations";
import { roleLabels } from "../../kube/labels";
import type { StoreMode } from "../../run/types";
import { seriesFile, telegrafConfiguration } from "./configuration";
import { gatewayMetricsPort, gatewayPort } from "./names";
import { configurationFile, configurationFolder, gatewayDeployment } from "./pod";
import { seriesScript } from "./series-script";
import { checkGateway, gatewaySizes, type MetricsGatewaySettings } from "./settings";

/** The store that a gateway writes to. */
export interface GatewayStore {
  /** E.g. `http://influxdb.load.svc:8086`. */
  url: pulumi.Input<string>;
  org: pulumi.Input<string>;
  /** Must be there before the gateway: what is written to one that is not, is thrown away. */
  bucket: pulumi.Input<string>;
  /** May write to the bucket. A secret; no runner gets it. */
  token: pulumi.Input<string>;
  /** Another one for each token and not secret, as `InfluxDb.writeTokenId`: its pods carry it, and the token lives until they are gone. */
  tokenId?: pulumi.Input<string>;
}

/** Where a `MetricsGateway` stands. */
export interface MetricsGatewayArgs extends MetricsGatewaySettings {
  /** Namespace of the gateway and of the runners that write to it. */
  namespace: pulumi.Input<string>;
  store: GatewayStore;
}

/** Name of the gateway's Service and Deployment in its namespace. */
const service = "gateway";
/** Name of the Secret by which runners may write to the gateway. */
const pairName = "k6-gateway-write";

/**
 * Stands between runners and store: takes what k6 sends, keeps it while the store is away, adds it up where there is much of it, and holds
 * the number of series of a run within limits. Runners have a name and a password for it, and nothing for the store.
 *
 * @throws {ArgumentError} with everything that is wrong, before anything is created
 */
export class MetricsGateway extends pulumi.ComponentResource {
  /** What runners write to. */
  readonly url: pulumi.Output<string>;
  /** Name of the Secret with the keys `username` and `password` for writing to it. */
  readonly writeSecret: pulumi.Output<string>;
  /** How samples are stored. */
  readonly mode: pulumi.Output<StoreMode>;

  constructor(name: string, args: MetricsGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:MetricsGateway", name, {}, opts);
    const { namespace, store } = args;
    check(name, args);
    const sizes = gatewaySizes(args);
    const labels = roleLabels("gateway");
    const child = { parent: this };
    // Named by Pulumi: another content is another name, so that pods are replaced, and the old one stays until they are.
    const unnamed = { namespace, labels, annotations: removedAtOnce };

    const password = new random.RandomPassword(`${name}-password`, { length: 32, special: false }, child);
    const pair = new k8s.core.v1.Secret(
      `${name}-pair`,
      { metadata: { ...unnamed, name: pairName }, stringData: { username: "runner", password: password.result } },
      child,
    );
    const token = new k8s.core.v1.Secret(
      `${name}-token`,
      { metadata: unnamed, immutable: true, stringData: { token: pulumi.secret(store.token) } },
      child,
    );
    const told = sizes.exposeMetrics ? { metricsAddress: `:${gatewayMetricsPort}` } : {};
    const configuration = pulumi
      .all([store.url, store.org, store.bucket])
      .apply(([url, org, bucket]) => telegrafConfiguration({ ...sizes, ...told, url, org, bucket }, configurationFolder));
    const { mode, seriesPerRun, tags, replicas } = sizes;
    const limits = { series: Math.floor(seriesPerRun / replicas), values: 50, urls: 20, tags };
    const configMap = new k8s.core.v1.ConfigMap(
      `${name}-configuration`,
      {
        metadata: unnamed,
        immutable: true,
        data: { [configurationFile]: configuration, [seriesFile]: seriesScript(limits, mode) },
      },
      child,
    );
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: { name: service, namespace, labels },
        spec: gatewayDeployment(sizes, {
          configMap: configMap.metadata.name,
          pair: pair.metadata.name,
          token: token.metadata.name,
          tokenId: store.tokenId,
        }),
      },
      child,
    );
    const clusterService = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { name: service, namespace, labels, annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
        spec: { selector: labels, ports: [{ name: "influxdb", port: gatewayPort, targetPort: "influxdb" }] },
      },
      { ...child, dependsOn: deployment },
    );
    if (replicas > 1) {
      new k8s.policy.v1.PodDisruptionBudget(
        name,
        {
          metadata: { name: service, namespace, labels, annotations: removedAtOnce },
          spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
        },
        child,
      );
    }
    this.url = pulumi.interpolate`http://${clusterService.metadata.name}.${namespace}.svc:${gatewayPort}`;
    this.writeSecret = pair.metadata.name;
    this.mode = pulumi.output(mode);
    this.registerOutputs({ url: this.url, writeSecret: this.writeSecret, mode: this.mode });
  }
}

function check(name: string, settings: MetricsGatewaySettings): void {
  const problems = new Problems();
  checkGateway(settings, "gateway", problems);
  problems.throwIfAny(`gateway ${name}`);
}
