import * as pulumi from "@pulumi/pulumi";
import type { StoreAccessArgs } from "./store-access-args";
import { secretAccess } from "./store-access-args";
import type * as storeBucketProvider from "./store-bucket-provider";
import type { BucketInputs, BucketOutputs } from "./store-bucket-provider";

type StoreBucketProvider = typeof storeBucketProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<BucketInputs, BucketOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/metrics/store-bucket-provider") as StoreBucketProvider).create(inputs),
  read: (id, props) =>
    (require("pulumi-k6/dist/metrics/store-bucket-provider") as StoreBucketProvider).read(
      id,
      props as BucketOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/metrics/store-bucket-provider") as StoreBucketProvider).diff(olds, news)),
  update: (_id, olds, news) =>
    (require("pulumi-k6/dist/metrics/store-bucket-provider") as StoreBucketProvider).update(olds, news),
  delete: (_id, props) => (require("pulumi-k6/dist/metrics/store-bucket-provider") as StoreBucketProvider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `StoreBucket`, each a value or an output. */
export interface StoreBucketArgs extends StoreAccessArgs {
  bucket: pulumi.Input<string>;
  /** 0 keeps samples for ever. */
  retentionSeconds: pulumi.Input<number>;
  /** Stands in the bucket's description. */
  owner: string;
  /** Whether the whole store is this stack's, so that a bucket that is found is too. */
  exclusive: boolean;
  retainData: boolean;
}

/**
 * A bucket in a store, with how long it keeps samples. One of the name that is there already is taken over. Deleting this removes the bucket
 * with its samples, unless it was there before or `retainData` is set.
 */
export class StoreBucket extends pulumi.dynamic.Resource {
  declare readonly bucket: pulumi.Output<string>;
  declare readonly bucketId: pulumi.Output<string>;
  declare readonly retentionSeconds: pulumi.Output<number>;
  /** Whether it was there before, so that it stays when this is deleted. */
  declare readonly adopted: pulumi.Output<boolean>;

  constructor(name: string, args: StoreBucketArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, ...secretAccess(args), bucketId: undefined, adopted: undefined },
      opts,
      "pulumi-k6",
      "StoreBucket",
    );
  }
}
