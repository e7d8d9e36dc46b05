import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../errors";
import { removedAtOnce } from "../kube/annotations";
import { roleLabels } from "../kube/labels";
import { bearer, declareContent, labelContent, writeContent } from "./bound";
import { uidOf } from "./dashboards/uids";
import { grafanaPort } from "./pod";
import { boundGrafanaPolicy } from "./policies";
import { storeUid } from "./provisioning";
import type { RunGrafana } from "./run-links";
import { deployGrafana } from "./server";
import { grafanaProblems, type GrafanaBinding, type GrafanaSettings } from "./settings";

/** The store that Grafana reads. An `InfluxDb` is one. */
export interface GrafanaStore {
  /** Where Grafana reaches it. */
  url: pulumi.Input<string>;
  org: pulumi.Input<string>;
  bucket: pulumi.Input<string>;
  /** May read the bucket. A secret. */
  readToken: pulumi.Input<string>;
}

/** Where a `Grafana` stands. */
export interface GrafanaArgs extends GrafanaSettings {
  /** Namespace of Grafana, where one is deployed, or of what an operator or sidecar takes. */
  namespace: pulumi.Input<string>;
  store: GrafanaStore;
}

/** How load tests show their results in Grafana: what `LoadTest` takes of a platform. */
export interface GrafanaRuns {
  grafana: RunGrafana;
  /** What stands in the header `Authorization`, for marking verdicts; empty where they are not marked. A secret. */
  authorization: string;
}

/**
 * A Grafana with dashboards for load tests: deployed, with data source and dashboards as files, or bound, where they are written over its API,
 * or given to its sidecar or its operator. See docs/grafana.md.
 *
 * @throws {ArgumentError} with everything that is wrong, before anything is created
 */
export class Grafana extends pulumi.ComponentResource {
  /** Address for people. */
  readonly url: pulumi.Output<string>;
  /** Password of the user `admin` of a Grafana that is deployed; empty for one that is bound. A secret. */
  readonly adminPassword: pulumi.Output<string>;
  /** For load tests; a secret as a whole, since it holds what authorizes. */
  readonly runs: pulumi.Output<GrafanaRuns>;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:Grafana", name, {}, opts);
    const problems = grafanaProblems(args);
    if (problems.length > 0) {
      throw new ArgumentError(`grafana ${name}`, problems);
    }
    const { namespace, store, bind, ...settings } = args;
    const child = { parent: this };
    if (bind === undefined) {
      const { url, service, adminPassword } = deployGrafana(name, namespace, store, settings, child);
      this.url = url;
      this.adminPassword = adminPassword;
      this.runs = pulumi.secret(
        pulumi.all([url, service, namespace, adminPassword]).apply(([address, serviceName, where, password]) => ({
          grafana: {
            ...{ url: address, org: 1, dataSource: storeUid },
            service: { namespace: where, service: serviceName, port: grafanaPort },
          },
          authorization: `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
        })),
      );
    } else {
      const where = bind.contentNamespace ?? namespace;
      const reached = { ...store, url: bind.storeUrl ?? store.url };
      if (bind.namespace !== undefined) {
        new k8s.networking.v1.NetworkPolicy(
          name,
          {
            metadata: { name: "allow-store-from-grafana", namespace, labels: roleLabels("grafana"), annotations: removedAtOnce },
            spec: boundGrafanaPolicy(bind.namespace),
          },
          child,
        );
      }
      switch (bind.content ?? "api") {
        case "api":
          writeContent(name, bind, reached, settings, child);
          break;
        case "sidecar":
          labelContent(name, where, bind, settings, child);
          break;
        case "operator":
          declareContent(name, where, bind, reached, settings, child);
          break;
        case "none":
          break;
      }
      this.url = pulumi.output(bind.url);
      this.adminPassword = pulumi.secret("");
      this.runs = boundRuns(bind);
    }
    this.registerOutputs({ url: this.url, adminPassword: this.adminPassword, runs: this.runs });
  }
}

function boundRuns(bind: GrafanaBinding): pulumi.Output<GrafanaRuns> {
  const { url, org = 1, name, dataSource = uidOf(storeUid, name) } = bind;
  const token = bind.annotationToken ?? bind.token;
  const grafana = { url, org, dataSource, ...(name === undefined ? {} : { name }) };
  const authorization = token === undefined ? pulumi.output("") : bearer(token);
  return pulumi.secret(authorization.apply((header) => ({ grafana, authorization: header })));
}
