import * as pulumi from "@pulumi/pulumi";
import { type AlertsSettings, alertsProblems } from "../alerts/settings";
import { Problems } from "../errors";
import { Grafana, type GrafanaRuns } from "../grafana/grafana";
import { grafanaProblems, type GrafanaSettings } from "../grafana/settings";
import type { ClusterAccess } from "../kube/cluster";
import { InfluxDb } from "../metrics/influxdb";
import { influxDbProblems, type InfluxDbSettings } from "../metrics/influxdb-settings";
import { DefaultDeny } from "../network/default-deny";
import { PlatformPolicies } from "../network/platform-policies";
import type { OperatorBinding, StoreParts } from "../run/load-test-args";
import { alertDefinitions, platformAlerts } from "./alerts";
import { behindGateway, checkPlatformGateway, hasGateway, type PlatformGatewaySettings } from "./gateway";
import { LoadTestNamespace } from "./namespace";
import { PlatformOperator } from "./operator";
import { operatorNamespace, platformOperatorProblems, type PlatformOperatorSettings } from "./operator-settings";
import type { QuotaSettings } from "./quota";

/** What a `LoadTestPlatform` is. */
export interface LoadTestPlatformArgs {
  /** Namespace for everything of the platform; it is created. @default the component's name */
  namespace?: string;
  quota?: QuotaSettings;
  store?: InfluxDbSettings;
  /** Between runners and store; runners have no way to the store then, and no token for it. @default one as it comes */
  gateway?: PlatformGatewaySettings;
  /** A k6-operator for the load tests, deployed or adopted; `{}` deploys one as it comes. @default none */
  operator?: PlatformOperatorSettings;
  /** A Grafana with dashboards for the load tests, deployed or bound; `{}` deploys one as it comes. @default none */
  grafana?: GrafanaSettings;
  /** Rules and monitors for a Prometheus that prometheus-operator runs. @default none */
  alerts?: AlertsSettings;
  /** Refuse to delete the namespace and the store with its data. @default false */
  protect?: boolean;
  /** The cluster, as in the Kubernetes provider of this component. @default the ambient one */
  cluster?: ClusterAccess;
}

/**
 * The long-lived part of a stack: a namespace for restricted pods within a quota, closed to all traffic but what a run needs,
 * a store for samples with a gateway before it, and a k6-operator where one is wanted. Load tests are added to it with `LoadTest`.
 *
 * Give a Kubernetes provider by `opts.provider`; the run itself reaches the same cluster by `args.cluster`.
 *
 * @throws {ArgumentError} with everything that is wrong with store, gateway, operator, Grafana and alerts, before anything is created
 */
export class LoadTestPlatform extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** How runs write to the store and how they are judged from it; the token for reading in it is a secret. */
  readonly store: StoreParts;
  readonly cluster: pulumi.Output<ClusterAccess>;
  /** By it load tests are run, unless they say otherwise. */
  readonly operator?: OperatorBinding;
  /** Where load tests show their results; a secret as a whole, since it holds what marks verdicts. */
  readonly grafana?: pulumi.Output<GrafanaRuns>;
  /** Address of Grafana for people. */
  readonly grafanaUrl?: pulumi.Output<string>;

  constructor(name: string, args: LoadTestPlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:LoadTestPlatform", name, {}, opts);
    const { cluster = {}, protect = false } = args;
    const child = { parent: this };
    const ownNamespace = args.namespace ?? name;
    check(name, ownNamespace, args);

    const { namespace } = new LoadTestNamespace(
      name,
      // With the namespace its volumes would go.
      { namespace: ownNamespace, quota: args.quota, retain: args.store?.bind === undefined && args.store?.retainData },
      { ...child, protect, dependsOn: alertDefinitions(name, args, child) },
    );
    const closed = new DefaultDeny(`${name}-deny`, { namespace }, child);
    const opened = new PlatformPolicies(name, { namespace, hasGateway: hasGateway(args.gateway) }, child);
    // No pod of ours runs before the door is closed.
    const store = new InfluxDb(
      `${name}-store`,
      { ...args.store, namespace, cluster, writer: hasGateway(args.gateway) ? "gateway" : "runner" },
      { ...child, protect, dependsOn: [closed, opened] },
    );

    if (args.operator !== undefined) {
      const where = operatorNamespace(ownNamespace, args.operator);
      const { starterImage } = new PlatformOperator(
        `${name}-operator`,
        { watched: namespace, namespace: where, settings: args.operator, cluster },
        { ...child, dependsOn: [closed, opened] },
      );
      this.operator = { starterImage };
    }

    if (args.grafana !== undefined) {
      const { url, runs } = new Grafana(
        `${name}-grafana`,
        {
          storeAddresses: args.grafana.bind === undefined ? args.store?.bind?.addresses : undefined,
          ...args.grafana,
          namespace,
          store,
        },
        { ...child, dependsOn: [closed, opened] },
      );
      this.grafana = runs;
      this.grafanaUrl = url;
    }

    platformAlerts(name, args, namespace, ownNamespace, { ...child, dependsOn: [closed] });

    this.namespace = namespace;
    // Alerts stand on what it tells.
    const gateway = { ...args.gateway, ...(args.alerts === undefined ? {} : { exposeMetrics: true }) };
    this.store = hasGateway(args.gateway)
      ? behindGateway(`${name}-gateway`, { ...gateway, namespace, store }, { ...child, dependsOn: [closed, opened] })
      : store.binding;
    // A kubeconfig may be given by its content, with the keys in it.
    this.cluster = cluster.kubeconfig === undefined ? pulumi.output(cluster) : pulumi.secret(cluster);
    this.registerOutputs({
      namespace: this.namespace,
      store: this.store,
      cluster: this.cluster,
      operator: this.operator,
      grafanaUrl: this.grafanaUrl,
    });
  }
}

function check(
  name: string,
  namespace: string,
  { store = {}, gateway, operator, grafana = {}, alerts }: LoadTestPlatformArgs,
): void {
  const problems = new Problems();
  problems.addUnder("store", influxDbProblems(store));
  checkPlatformGateway(gateway, problems);
  problems.addUnder("operator", operator === undefined ? [] : platformOperatorProblems(namespace, operator));
  problems.addUnder("grafana", grafanaProblems(grafana));
  problems.addUnder("alerts", alerts === undefined ? [] : alertsProblems(alerts));
  problems.throwIfAny(`platform ${name}`);
}
