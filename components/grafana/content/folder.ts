import * as pulumi from "@pulumi/pulumi";
import { secretAccess, type GrafanaAccessArgs } from "./access-args";
import type * as folderProviderModule from "./folder-provider";
import type { GrafanaFolderInputs, GrafanaFolderOutputs } from "./folder-provider";

type Provider = typeof folderProviderModule;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<GrafanaFolderInputs, GrafanaFolderOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/grafana/content/folder-provider") as Provider).create(inputs),
  read: (id, props) =>
    (require("pulumi-k6/dist/grafana/content/folder-provider") as Provider).read(
      id,
      props as GrafanaFolderOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/grafana/content/folder-provider") as Provider).diff(olds, news)),
  update: (_id, olds, news) => (require("pulumi-k6/dist/grafana/content/folder-provider") as Provider).update(olds, news),
  delete: (_id, props) => (require("pulumi-k6/dist/grafana/content/folder-provider") as Provider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `GrafanaFolder`, each a value or an output. */
export interface GrafanaFolderArgs extends GrafanaAccessArgs {
  uid: string;
  title: string;
}

/** A folder in Grafana. One of the uid that is there is taken over; it goes with this only when it was made by it and is empty. */
export class GrafanaFolder extends pulumi.dynamic.Resource {
  declare readonly uid: pulumi.Output<string>;
  /** Whether it was there before, so that it stays when this is deleted. */
  declare readonly adopted: pulumi.Output<boolean>;

  constructor(name: string, args: GrafanaFolderArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { folderId: undefined, adopted: undefined };
    super(provider, name, { ...args, ...secretAccess(args), ...outputs }, opts, "pulumi-k6", "GrafanaFolder");
  }
}
