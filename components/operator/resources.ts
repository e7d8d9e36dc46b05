import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { group, version } from "./crds/definition";
import type { PrivateLoadZoneSpec, TestRunSpec, TestRunStatus } from "./resource-specs";

const apiVersion = `${group}/${version}`;

/** A raw TestRun of k6-operator. */
export interface TestRunArgs {
  /** A fixed `name` is that of one run for ever; without it every replacement has a new name. */
  metadata?: pulumi.Input<k8s.types.input.meta.v1.ObjectMeta>;
  spec: pulumi.Input<TestRunSpec>;
}

/**
 * A raw TestRun, for those who want to hold the object itself. `LoadTest` does more; what Pulumi does and does not do here:
 *
 * - It creates the object and does not wait for the run. To wait, annotate it with
 *   `pulumi.com/waitFor: "jsonpath={.status[?@ == 'finished' || @ == 'error']}"` (provider 4.24 or newer).
 * - It knows no verdict: a run that missed its thresholds or lost its runners is `finished` too.
 * - A changed spec does not run again: k6-operator reads it once, and some changes stop a run that is under way for ever. Give
 *   `replaceOnChanges: ["spec"]` and no fixed name, so that every change is a new run.
 * - `cleanup: "post"` makes the object vanish, and Pulumi's next refresh and update run the test again.
 * - Nothing ends a run that does not start: no deadline, no cause.
 */
export class TestRun extends k8s.apiextensions.CustomResource {
  declare readonly status: pulumi.Output<TestRunStatus | undefined>;

  constructor(name: string, args: TestRunArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, { ...args, apiVersion, kind: "TestRun", status: undefined }, opts);
  }
}

/** A raw PrivateLoadZone of k6-operator. */
export interface PrivateLoadZoneArgs {
  metadata?: pulumi.Input<k8s.types.input.meta.v1.ObjectMeta>;
  spec: pulumi.Input<PrivateLoadZoneSpec>;
}

/**
 * A raw PrivateLoadZone, by which Grafana Cloud k6 runs tests in this cluster. Its controller needs more rights than `K6Operator` gives
 * (reading Secrets, and creating and deleting TestRuns), and puts a finalizer on it: destroy it before the operator.
 */
export class PrivateLoadZone extends k8s.apiextensions.CustomResource {
  declare readonly status: pulumi.Output<{ conditions?: k8s.types.output.meta.v1.Condition[] } | undefined>;

  constructor(name: string, args: PrivateLoadZoneArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, { ...args, apiVersion, kind: "PrivateLoadZone", status: undefined }, opts);
  }
}
