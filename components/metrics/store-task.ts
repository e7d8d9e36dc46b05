import * as pulumi from "@pulumi/pulumi";
import type { StoreAccessArgs } from "./store-access-args";
import { secretAccess } from "./store-access-args";
import type * as storeTaskProvider from "./store-task-provider";
import type { TaskInputs, TaskOutputs } from "./store-task-provider";

type StoreTaskProvider = typeof storeTaskProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<TaskInputs, TaskOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/metrics/store-task-provider") as StoreTaskProvider).create(inputs),
  read: (id, props) =>
    (require("pulumi-k6/dist/metrics/store-task-provider") as StoreTaskProvider).read(
      id,
      props as TaskOutputs,
    ) as Promise<pulumi.dynamic.ReadResult>,
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/metrics/store-task-provider") as StoreTaskProvider).diff(olds, news)),
  update: (_id, _olds, news) => (require("pulumi-k6/dist/metrics/store-task-provider") as StoreTaskProvider).update(news),
  delete: (_id, props) => (require("pulumi-k6/dist/metrics/store-task-provider") as StoreTaskProvider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `StoreTask`, each a value or an output. */
export interface StoreTaskArgs extends StoreAccessArgs {
  /** Name of the task in its organisation. */
  task: string;
  /** Its program, with `option task`. */
  flux: pulumi.Input<string>;
}

/** A task that runs inside a store, by the clock. One that was changed or switched off by hand is put back. */
export class StoreTask extends pulumi.dynamic.Resource {
  declare readonly taskId: pulumi.Output<string>;

  constructor(name: string, args: StoreTaskArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, ...secretAccess(args), taskId: undefined, status: undefined },
      opts,
      "pulumi-k6",
      "StoreTask",
    );
  }
}
