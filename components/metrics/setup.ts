import * as pulumi from "@pulumi/pulumi";
import type * as setupProvider from "./setup-provider";
import type { SetupInputs, SetupOutputs } from "./setup-provider";

type SetupProvider = typeof setupProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs: SetupInputs) => (require("pulumi-k6/dist/metrics/setup-provider") as SetupProvider).create(inputs),
  read: (id: string, props?: SetupOutputs) =>
    (require("pulumi-k6/dist/metrics/setup-provider") as SetupProvider).read(
      id,
      props as SetupOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id: string, olds: SetupOutputs, news: SetupInputs) =>
    Promise.resolve((require("pulumi-k6/dist/metrics/setup-provider") as SetupProvider).diff(olds, news)),
  update: (_id: string, olds: SetupOutputs, news: SetupInputs) =>
    (require("pulumi-k6/dist/metrics/setup-provider") as SetupProvider).update(olds, news),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of an `InfluxDbSetup`, each a value or an output. */
export type SetupArgs = { [Key in keyof SetupInputs]: pulumi.Input<SetupInputs[Key]> };

/**
 * The first set-up of a store that was just deployed: its admin, its organisation and the first bucket, without which InfluxDB answers to
 * nobody. Deleting it removes nothing: it goes with the store.
 */
export class InfluxDbSetup extends pulumi.dynamic.Resource {
  declare readonly orgId: pulumi.Output<string>;

  constructor(name: string, args: SetupArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      {
        ...args,
        adminPassword: pulumi.secret(args.adminPassword),
        adminToken: pulumi.secret(args.adminToken),
        ...(args.kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(args.kubeconfig) }),
        orgId: undefined,
      },
      opts,
      "pulumi-k6",
      "InfluxDbSetup",
    );
  }
}
