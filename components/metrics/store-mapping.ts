import * as pulumi from "@pulumi/pulumi";
import type { StoreAccessArgs } from "./store-access-args";
import { secretAccess } from "./store-access-args";
import type * as storeMappingProvider from "./store-mapping-provider";
import type { MappingInputs, MappingOutputs } from "./store-mapping-provider";

type StoreMappingProvider = typeof storeMappingProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<MappingInputs, MappingOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/metrics/store-mapping-provider") as StoreMappingProvider).create(inputs),
  read: (id, props) =>
    (require("pulumi-k6/dist/metrics/store-mapping-provider") as StoreMappingProvider).read(
      id,
      props as MappingOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/metrics/store-mapping-provider") as StoreMappingProvider).diff(olds, news)),
  update: (_id, olds, news) =>
    (require("pulumi-k6/dist/metrics/store-mapping-provider") as StoreMappingProvider).update(olds, news),
  delete: (_id, props) => (require("pulumi-k6/dist/metrics/store-mapping-provider") as StoreMappingProvider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `StoreMapping`, each a value or an output. */
export interface StoreMappingArgs extends StoreAccessArgs {
  database: string;
  /** Name of the bucket. */
  bucket: pulumi.Input<string>;
}

/** A name by which clients of InfluxDB 1 (InfluxQL, `/write?db=`) find a bucket. */
export class StoreMapping extends pulumi.dynamic.Resource {
  declare readonly database: pulumi.Output<string>;
  declare readonly mappingId: pulumi.Output<string>;

  constructor(name: string, args: StoreMappingArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, ...secretAccess(args), mappingId: undefined, adopted: undefined },
      opts,
      "pulumi-k6",
      "StoreMapping",
    );
  }
}
