import * as pulumi from "@pulumi/pulumi";
import { secretAccess, type GrafanaAccessArgs } from "./access-args";
import type * as dashboardProviderModule from "./dashboard-provider";
import type { GrafanaDashboardInputs, GrafanaDashboardOutputs } from "./dashboard-provider";

type Provider = typeof dashboardProviderModule;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<GrafanaDashboardInputs, GrafanaDashboardOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/grafana/content/dashboard-provider") as Provider).create(inputs),
  read: (id, props) =>
    (require("pulumi-k6/dist/grafana/content/dashboard-provider") as Provider).read(
      id,
      props as GrafanaDashboardOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/grafana/content/dashboard-provider") as Provider).diff(olds, news)),
  update: (_id, olds, news) => (require("pulumi-k6/dist/grafana/content/dashboard-provider") as Provider).update(olds, news),
  delete: (_id, props) => (require("pulumi-k6/dist/grafana/content/dashboard-provider") as Provider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `GrafanaDashboard`, each a value or an output. */
export interface GrafanaDashboardArgs extends GrafanaAccessArgs {
  uid: string;
  /** Uid of its folder. */
  folder: pulumi.Input<string>;
  /** Its JSON as text. */
  json: string;
}

/** A dashboard in Grafana. What is changed in it by hand shows in `pulumi refresh`, and the next `pulumi up` puts it back. */
export class GrafanaDashboard extends pulumi.dynamic.Resource {
  declare readonly uid: pulumi.Output<string>;
  declare readonly keptDigest: pulumi.Output<string>;

  constructor(name: string, args: GrafanaDashboardArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, ...secretAccess(args), keptDigest: undefined }, opts, "pulumi-k6", "GrafanaDashboard");
  }
}
