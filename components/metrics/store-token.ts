import * as pulumi from "@pulumi/pulumi";
import type { StoreAccessArgs } from "./store-access-args";
import { secretAccess } from "./store-access-args";
import type * as storeTokenProvider from "./store-token-provider";
import type { TokenInputs, TokenOutputs } from "./store-token-provider";

type StoreTokenProvider = typeof storeTokenProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<TokenInputs, TokenOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/metrics/store-token-provider") as StoreTokenProvider).create(inputs),
  read: (id, props) =>
    (require("pulumi-k6/dist/metrics/store-token-provider") as StoreTokenProvider).read(
      id,
      props as TokenOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/metrics/store-token-provider") as StoreTokenProvider).diff(olds, news)),
  update: (_id, olds, news) => (require("pulumi-k6/dist/metrics/store-token-provider") as StoreTokenProvider).update(olds, news),
  delete: (_id, props) => (require("pulumi-k6/dist/metrics/store-token-provider") as StoreTokenProvider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `StoreToken`, each a value or an output. */
export interface StoreTokenArgs extends StoreAccessArgs {
  /** One that may write may also delete. */
  action: "read" | "write";
  /** Names of the buckets. */
  buckets: pulumi.Input<string>[];
  /** Stands in the token's description. */
  owner: string;
  rotation: pulumi.Input<string>;
  /** Whether the whole store is this stack's. */
  exclusive: boolean;
  /** Namespace of the pods that work with it and say so by a label: it is revoked when they are gone. @default none */
  holdersIn?: pulumi.Input<string>;
}

/**
 * A token that may read or write some buckets and nothing else. Another `rotation` is another token: Pulumi makes it first, hands it to all
 * that use it, and then revokes the old one.
 */
export class StoreToken extends pulumi.dynamic.Resource {
  /** The token itself; a secret. */
  declare readonly token: pulumi.Output<string>;
  /** Tells one token from the next and lets nobody in: what must restart with a new token can carry it in an annotation. */
  declare readonly tokenId: pulumi.Output<string>;

  constructor(name: string, args: StoreTokenArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, ...secretAccess(args), tokenId: undefined, token: undefined },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["token"] }),
      "pulumi-k6",
      "StoreToken",
    );
  }
}
