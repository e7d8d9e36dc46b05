import * as pulumi from "@pulumi/pulumi";
import { secretAccess, type GrafanaAccessArgs } from "./access-args";
import type * as dataSourceProviderModule from "./data-source-provider";
import type { GrafanaDataSourceInputs, GrafanaDataSourceOutputs } from "./data-source-provider";

type Provider = typeof dataSourceProviderModule;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<GrafanaDataSourceInputs, GrafanaDataSourceOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/grafana/content/data-source-provider") as Provider).create(inputs),
  read: (id, props) =>
    (require("pulumi-k6/dist/grafana/content/data-source-provider") as Provider).read(
      id,
      props as GrafanaDataSourceOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/grafana/content/data-source-provider") as Provider).diff(olds, news)),
  update: (_id, olds, news) => (require("pulumi-k6/dist/grafana/content/data-source-provider") as Provider).update(olds, news),
  delete: (_id, props) => (require("pulumi-k6/dist/grafana/content/data-source-provider") as Provider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `GrafanaDataSource`, each a value or an output. */
export interface GrafanaDataSourceArgs extends GrafanaAccessArgs {
  uid: string;
  title: string;
  storeUrl: pulumi.Input<string>;
  org: pulumi.Input<string>;
  bucket: pulumi.Input<string>;
  /** May read the bucket. A secret. */
  readToken: pulumi.Input<string>;
}

/** A store as a data source in Grafana. One of the uid that is there for the same store is taken over, and stays then when this goes. */
export class GrafanaDataSource extends pulumi.dynamic.Resource {
  declare readonly uid: pulumi.Output<string>;
  /** Whether it was there before, so that it stays when this is deleted. */
  declare readonly adopted: pulumi.Output<boolean>;

  constructor(name: string, args: GrafanaDataSourceArgs, opts?: pulumi.CustomResourceOptions) {
    const secrets = { ...secretAccess(args), readToken: pulumi.secret(args.readToken) };
    const outputs = { dataSourceId: undefined, adopted: undefined };
    super(provider, name, { ...args, ...secrets, ...outputs }, opts, "pulumi-k6", "GrafanaDataSource");
  }
}
