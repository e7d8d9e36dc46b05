import * as pulumi from "@pulumi/pulumi";
import type { StoreParts } from "./load-test-args";
import type * as runProvider from "./provider";
import type { RunOutputs } from "./provider";
import type { ReportFiles } from "./report/write";
import type { RunFigures, RunInputs, RunnerReport, ThresholdResult, Verdict } from "./types";

type RunProvider = typeof runProvider;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<RunInputs, RunOutputs> = {
  create: (inputs) => (require("pulumi-k6/dist/run/provider") as RunProvider).create(inputs),
  diff: (_id, olds, news) => Promise.resolve((require("pulumi-k6/dist/run/provider") as RunProvider).diff(olds, news)),
  update: (_id, olds, news) => (require("pulumi-k6/dist/run/provider") as RunProvider).update(olds, news),
  read: (id, props) =>
    Promise.resolve(
      (require("pulumi-k6/dist/run/provider") as RunProvider).read(id, props as RunOutputs) as pulumi.dynamic.ReadResult,
    ),
  delete: (_id, props) => (require("pulumi-k6/dist/run/provider") as RunProvider).remove(props),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The inputs of a `LoadTestRun`, each a value or an output. */
export type LoadTestRunArgs = EachAnInput<Omit<RunInputs, "store">> & { store: Omit<StoreParts, "readToken"> };

type EachAnInput<Inputs> = { [Key in keyof Inputs]: pulumi.Input<Inputs[Key]> };

/**
 * One run of a load test: creating it runs and judges the test, whatever the verdict; deleting it leaves nothing of it in the cluster.
 * It runs once: only another `run` name runs again.
 */
export class LoadTestRun extends pulumi.dynamic.Resource {
  declare readonly run: pulumi.Output<string>;
  declare readonly verdict: pulumi.Output<Verdict>;
  declare readonly reasons: pulumi.Output<string[]>;
  declare readonly runnerReports: pulumi.Output<RunnerReport[]>;
  declare readonly thresholdResults: pulumi.Output<ThresholdResult[]>;
  declare readonly figures: pulumi.Output<RunFigures>;
  declare readonly startedAt: pulumi.Output<string | null>;
  declare readonly finishedAt: pulumi.Output<string | null>;
  declare readonly resultUrl: pulumi.Output<string>;
  declare readonly exploreUrl: pulumi.Output<string>;
  declare readonly reportPath: pulumi.Output<string>;
  declare readonly reportFiles: pulumi.Output<ReportFiles>;
  declare readonly resultJson: pulumi.Output<string>;

  constructor(name: string, args: LoadTestRunArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, ...outputsToCome }, opts, "pulumi-k6", "LoadTestRun");
  }
}

// Pulumi makes an output of each property that is named at the start, known or not.
const outputsToCome = {
  verdict: undefined,
  reasons: undefined,
  runnerReports: undefined,
  thresholdResults: undefined,
  figures: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  resultUrl: undefined,
  exploreUrl: undefined,
  reportPath: undefined,
  reportFiles: undefined,
  resultJson: undefined,
};
