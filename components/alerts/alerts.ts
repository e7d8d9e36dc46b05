import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../errors";
import { removedAtOnce } from "../kube/annotations";
import { managedBy } from "../kube/labels";
import { type Monitored, monitorSpec } from "./monitors";
import { scrapePolicies } from "./policies";
import { alertGroups } from "./rules/groups";
import { alertsProblems, type AlertsSettings } from "./settings";

/** What `LoadTestAlerts` watches. */
export interface LoadTestAlertsArgs extends AlertsSettings {
  /** Namespace of runs, gateway and store; rules and monitors are made in it. */
  namespace: pulumi.Input<string>;
  /** Whether there is a gateway that tells what it counts (`exposeMetrics`). @default true */
  gateway?: boolean;
  /** Size of the volume of the store that is deployed, e.g. `20Gi`. @default none is: a store that is bound is its owner's to watch */
  storageSize?: string;
  /** The k6-operator. @default none */
  operator?: WatchedOperator;
}

/** A k6-operator that is watched. */
export interface WatchedOperator {
  namespace: pulumi.Input<string>;
  /** Whether somebody else installed it, and sees to it that Prometheus asks it. @default false */
  isAdopted?: boolean;
}

const api = "monitoring.coreos.com/v1";

/**
 * Alerts on a platform: a PrometheusRule, PodMonitors for what has numbers, and the way in for the Prometheus that asks. The cluster must
 * have prometheus-operator's definitions; see docs/alerts.md.
 *
 * @throws {ArgumentError} with everything that is wrong, before anything is created
 */
export class LoadTestAlerts extends pulumi.ComponentResource {
  /** Name of the PrometheusRule. */
  readonly ruleName: pulumi.Output<string>;

  constructor(name: string, args: LoadTestAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:LoadTestAlerts", name, {}, opts);
    const problems = alertsProblems(args);
    if (problems.length > 0) {
      throw new ArgumentError(`alerts ${name}`, problems);
    }
    const { namespace, gateway = true, storageSize, operator, prometheus, objectLabels = {}, scrapeSeconds = 30 } = args;
    const child = { parent: this };
    const metadata = { namespace, labels: { ...managedBy, ...objectLabels }, annotations: removedAtOnce };

    const monitored: Record<Monitored, pulumi.Input<string> | undefined> = {
      gateway: gateway ? namespace : undefined,
      store: storageSize === undefined ? undefined : namespace,
      operator: operator === undefined || operator.isAdopted === true ? undefined : operator.namespace,
    };
    for (const [of, where] of Object.entries(monitored) as [Monitored, pulumi.Input<string> | undefined][]) {
      if (where !== undefined) {
        new k8s.apiextensions.CustomResource(
          `${name}-${of}`,
          {
            ...{ apiVersion: api, kind: "PodMonitor", metadata: { ...metadata, name: `k6-${of}` } },
            spec: monitorSpec(of, where, scrapeSeconds),
          },
          child,
        );
      }
    }
    const policies = scrapePolicies(prometheus, { gateway, store: storageSize !== undefined });
    for (const [policy, spec] of Object.entries(policies)) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${policy}`,
        { metadata: { name: policy, namespace, labels: managedBy, annotations: removedAtOnce }, spec },
        child,
      );
    }
    const groups = pulumi
      .all([namespace, operator?.namespace])
      .apply(([where, operatorNamespace]) => alertGroups({ namespace: where, gateway, storageSize, operatorNamespace }, args));
    const rule = new k8s.apiextensions.CustomResource(
      name,
      { apiVersion: api, kind: "PrometheusRule", metadata: { ...metadata, name: "k6-load-tests" }, spec: { groups } },
      child,
    );
    this.ruleName = rule.metadata.name;
    this.registerOutputs({ ruleName: this.ruleName });
  }
}
