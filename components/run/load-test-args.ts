import type * as pulumi from "@pulumi/pulumi";
import type { GrafanaRuns } from "../grafana/grafana";
import type { ClusterAccess } from "../kube/cluster";
import type { Target } from "../network/targets";
import type { AbortRule } from "./abort";
import type { CompareSettings } from "./compare/types";
import type { Placement } from "./engines/placement";
import type { HealSettings } from "./healing/heals";
import type { LoadShape } from "./script/load-shape";
import type { ScriptSource } from "./script/source";
import type { QueryThreshold } from "./threshold-types";
import type { EngineName, RunnerResources, StoreBinding, ThresholdMap, ValidityLimits } from "./types";

/** A store binding, each part of which may come later: while a token is rotated, all but the token is known. */
export type StoreParts = { [Part in keyof StoreBinding]: pulumi.Input<StoreBinding[Part]> };

/** What a load test needs of a platform; a `LoadTestPlatform` has it. */
export interface PlatformBinding {
  /** Where runners run. */
  namespace: pulumi.Input<string>;
  store: StoreParts;
  /** The cluster as the run itself reaches it. */
  cluster: pulumi.Input<ClusterAccess>;
  /** The k6-operator that watches the namespace, such as a `K6Operator`. @default none */
  operator?: OperatorBinding;
  /** Where results are shown: `runs` of a `Grafana`. @default in the report alone */
  grafana?: pulumi.Input<GrafanaRuns>;
}

/** What a load test needs of a k6-operator; a `K6Operator` has it. */
export interface OperatorBinding {
  /** Image with a shell and curl by which k6-operator starts runners. */
  starterImage: pulumi.Input<string>;
}

/**
 * What a `LoadTest` runs, and how. Its name is the component's.
 *
 * `vus`, `duration`, `iterations` and `stages` are for a script without scenarios; one that has some is refused with them.
 */
export interface LoadTestArgs extends LoadShape {
  /** Usually a `LoadTestPlatform`. */
  platform: PlatformBinding;
  /** The k6 script. */
  script: ScriptSource;
  /** How many pods share the load. @default 1 */
  runners?: number;
  /** How runners are orchestrated: by k6-operator, at most 350 of them, or by Kubernetes alone. @default "operator" where the platform has one, else "job" */
  engine?: EngineName;
  /** Thresholds over the samples of all runners, in k6's syntax: `{ http_req_duration: ["p(95)<500"] }`. @default none */
  thresholds?: ThresholdMap;
  /** Thresholds on the results of Flux queries, by a name for each: what the store knows beside the runners' samples. @default none */
  queries?: Record<string, QueryThreshold>;
  /** Stops the run, as a `fail`, when its target is in distress. @default never */
  abortWhen?: AbortRule;
  /** Compares each run with earlier ones. @default not at all */
  compare?: CompareSettings;
  /** The systems under test that runners may reach. @default none */
  targets?: Target[];
  /** Variables for the script (`__ENV`). @default none */
  env?: Record<string, pulumi.Input<string>>;
  /** Secrets for the script, by name: `await secrets.get("name")` of `k6/secrets`. Never in arguments, tags or names. @default none */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Names of secrets that are variables (`__ENV`) too; whoever sees the processes of a node sees them. @default none */
  secretEnv?: string[];
  /** Of one runner. @default 500m CPU, 256Mi */
  resources?: Partial<RunnerResources>;
  /** Where runners may run, and who makes room for them. @default on any node, spread over them */
  placement?: Placement;
  /**
   * Restarts a runner that was lost to an eviction, a deletion or its node, once and for what remains of the load; engine `job`, at
   * least 2 runners, and a load of `duration` or `stages`. The gap is told, and makes the run `invalid` when it is longer than this allows. @default no runner is restarted
   */
  heal?: HealSettings;
  /** An image with k6 1.1 or newer and a shell. @default "grafana/k6:1.1.0" */
  image?: pulumi.Input<string>;
  /** @default "IfNotPresent" */
  imagePullPolicy?: string;
  /** Seconds from a runner's start to the moment its node stops it, whatever happens. @default 900 */
  deadlineSeconds?: number;
  /** Seconds in which all runners must be ready to start together. @default 120, at most half of `deadlineSeconds` */
  startDeadlineSeconds?: number;
  /** Seconds that finished pods are kept. @default 3600 */
  ttlSeconds?: number;
  /** Limits past which a run is not believed. @default 1000 ms start skew, no dropped iterations, no lost samples */
  limits?: Partial<ValidityLimits>;
  /** Any text; another text runs the test again. @default "" */
  trigger?: string;
  /** Fail `pulumi up` when the verdict is not `pass`. @default true */
  gate?: boolean;
  /** Folder for reports, relative to the program. @default "reports" */
  reportFolder?: string;
}
