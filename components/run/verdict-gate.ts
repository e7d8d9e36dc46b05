import * as pulumi from "@pulumi/pulumi";
import type * as gateProvider from "./gate-provider";
import type { GateInputs } from "./gate-provider";

type GateProvider = typeof gateProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<GateInputs, GateInputs> = {
  create: (inputs) =>
    Promise.resolve({ id: inputs.run, outs: (require("pulumi-k6/dist/run/gate-provider") as GateProvider).pass(inputs) }),
  update: (_id, _olds, news) =>
    Promise.resolve({ outs: (require("pulumi-k6/dist/run/gate-provider") as GateProvider).pass(news) }),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `VerdictGate`, each a value or an output. */
export type VerdictGateArgs = { [Key in keyof GateInputs]: pulumi.Input<GateInputs[Key]> };

/** Fails `pulumi up` while the verdict of a run is not `pass`, saying the reasons and where to look. It starts nothing. */
export class VerdictGate extends pulumi.dynamic.Resource {
  constructor(name: string, args: VerdictGateArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, args, opts, "pulumi-k6", "VerdictGate");
  }
}
