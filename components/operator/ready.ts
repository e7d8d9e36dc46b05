import * as pulumi from "@pulumi/pulumi";
import type * as readyProvider from "./ready-provider";
import type { ReadyInputs, ReadyOutputs } from "./ready-provider";

type ReadyProvider = typeof readyProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider = {
  create: (inputs: ReadyInputs) => (require("pulumi-k6/dist/operator/ready-provider") as ReadyProvider).create(inputs),
  read: (id: string, props?: ReadyOutputs) =>
    (require("pulumi-k6/dist/operator/ready-provider") as ReadyProvider).read(
      id,
      props as ReadyOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id: string, olds: ReadyOutputs, news: ReadyInputs) =>
    Promise.resolve((require("pulumi-k6/dist/operator/ready-provider") as ReadyProvider).diff(olds, news)),
  update: (_id: string, _olds: ReadyOutputs, news: ReadyInputs) =>
    (require("pulumi-k6/dist/operator/ready-provider") as ReadyProvider).update(news),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of an `OperatorReady`, each a value or an output. */
export type OperatorReadyArgs = { [Key in keyof ReadyInputs]: pulumi.Input<ReadyInputs[Key]> };

/**
 * The proof that an operator works: a TestRun that cannot run is put into every namespace, the operator must refuse it, and it is taken
 * away again. No pod is started. Deleting this removes nothing.
 */
export class OperatorReady extends pulumi.dynamic.Resource {
  /** Image of the controller. */
  declare readonly image: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;
  /** Labels by which its pods are known. */
  declare readonly podLabels: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: OperatorReadyArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      {
        ...args,
        ...(args.kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(args.kubeconfig) }),
        image: undefined,
        version: undefined,
        podLabels: undefined,
      },
      opts,
      "pulumi-k6",
      "OperatorReady",
    );
  }
}
