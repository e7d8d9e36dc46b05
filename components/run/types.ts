/** The values that pass between plan, engine, judge and report. Plain JSON: they travel through Pulumi's state. */
import type { ServiceAddress } from "../kube/tunnel";
import type { AbortRule } from "./abort";
import type { GatewayCounters, MetricAccount } from "./accounting";
import type { CompareSettings, Comparison, Likeness } from "./compare/types";
import type { RunGrafana } from "../grafana/run-links";
import type { Placement } from "./engines/placement";
import type { ValidityLimits } from "./limits";
import type { HealedPart, HealSettings } from "./healing/heals";
import type { LoadShape } from "./script/load-shape";
import type { CpuThrottling, QueryThreshold, RunnerThreshold, ThresholdResult } from "./threshold-types";

export type { ValidityLimits } from "./limits";
export type { ThresholdResult } from "./threshold-types";

/** `invalid` (the run itself cannot be believed) wins over `fail` (the target missed a threshold), `fail` over `pass`. */
export type Verdict = "pass" | "fail" | "invalid";

/** How runners are orchestrated: `operator` (a TestRun; k6-operator acts) or `job` (one Indexed Job; Kubernetes acts). */
export type EngineName = "job" | "operator";

/** How samples are stored: each one, or added up per series by the gateway, with latencies in buckets. */
export type StoreMode = "raw" | "aggregated";

/** Where runners write samples and where the judge reads them. Nothing in it is secret. */
export interface StoreLocation {
  /** What runners write to, e.g. `http://influxdb.load.svc:8086`. */
  writeUrl: string;
  bucket: string;
  org: string;
  /** Name of the Secret in the run's namespace with keys `username` and `password` for k6's `influxdb` output. */
  writeSecret: string;
  /** How the judge reaches the store: through the API server, or by URL where it is outside the cluster. */
  service?: ServiceAddress;
  url?: string;
  /** How samples are stored in it. @default "raw" */
  mode?: StoreMode;
}

/** A store with the token that reads it: what a platform hands to its load tests. */
export interface StoreBinding extends StoreLocation {
  /** Token that may read the bucket. A secret. */
  readToken: string;
}

/** CPU and memory of one runner; limits equal requests, so that runners are not throttled against each other or evicted first. */
export interface RunnerResources {
  /** @default "500m" */
  cpu: string;
  /** @default "256Mi" */
  memory: string;
}

/** Thresholds by metric, in k6's own syntax: `{ http_req_duration: ["p(95)<500"] }`. */
export type ThresholdMap = Record<string, string[]>;

/** How a script comes to its runners where it is not a module beside the harness. */
export interface ScriptForm {
  /** Path of the archive that k6 is given; it runs without the harness, so that runners tell no totals. */
  archive?: string;
  /** PersistentVolumeClaim with the script, mounted at `/scripts`. */
  volumeClaim?: string;
  /** Names of files of which each runner has its own part. */
  splitFiles?: string[];
}

/** The Secret of a load test. */
export interface ScriptSecrets {
  /** Its name; another content is another name. */
  name: string;
  /** Names of secrets that the script gets as variables too. */
  env: string[];
}

/**
 * What the run provider is given: everything that makes a run what it is. Inputs of the dynamic resource.
 *
 * What may be secret (`kubeconfig`, `readToken`, `grafanaAuthorization`, `env`) is a property of its own at the top: Pulumi keeps an output secret only when a
 * secret input has the same top-level name.
 */
export interface RunInputs {
  /** As in `ClusterAccess`. May be a secret. */
  kubeconfig?: string;
  /** As in `ClusterAccess`. */
  context?: string;
  namespace: string;
  /** Name of the load test. */
  test: string;
  /** `<test>-<digest8>`: see `runName`. */
  run: string;
  runners: number;
  engine: EngineName;
  /** Image with a shell and curl by which k6-operator starts runners; engine `operator` alone. */
  starterImage?: string;
  image: string;
  /** @default "IfNotPresent" */
  imagePullPolicy: string;
  /** Name of the immutable ConfigMap with the script, harness and barrier. */
  scriptConfigMap: string;
  /** Names of those with what did not fit into it. */
  moreConfigMaps?: string[];
  /** sha256 of the script. */
  scriptDigest: string;
  /** Name of the script file as its author knows it, for the report. */
  scriptName: string;
  /** Whether k6 was asked about the script where the program runs; else it is asked in the cluster, before the run. */
  inspected: boolean;
  script?: ScriptForm;
  /** Load for a script that says none. */
  load?: LoadShape;
  secrets?: ScriptSecrets;
  env: Record<string, string>;
  resources: RunnerResources;
  /** Restarts a lost runner once. @default not done */
  heal?: HealSettings;
  /** Where runners may run. @default anywhere */
  placement?: Placement;
  /** Seconds from pod start to the moment the kubelet stops a runner. */
  deadlineSeconds: number;
  /** Seconds in which every runner must be ready to start. */
  startDeadlineSeconds: number;
  /** Seconds that finished pods are kept. */
  ttlSeconds: number;
  thresholds: ThresholdMap;
  limits: ValidityLimits;
  /** Thresholds on the results of Flux queries, by a name for each. */
  queries?: Record<string, QueryThreshold>;
  abortWhen?: AbortRule;
  compare?: CompareSettings;
  store: StoreLocation;
  /** Token that may read the store's bucket. A secret. */
  readToken: string;
  /** Where the result is shown. @default in the report alone */
  grafana?: RunGrafana;
  /** What stands in the header `Authorization` for marking the verdict in Grafana; empty where it is not marked. A secret. */
  grafanaAuthorization?: string;
  /** Folder for reports, relative to the program. */
  reportFolder: string;
  /** Any text; another text is another run. */
  trigger: string;
}

/** What one runner says at its end (the harness writes it to the termination message). */
export interface RunnerTotals {
  requests: number;
  failedRequests: number;
  iterations: number;
  droppedIterations: number;
  checksPassed: number;
  checksFailed: number;
  dataSent: number;
  dataReceived: number;
  durationMs: number;
  /** The script's own thresholds as this runner alone finds them. Absent where the script has none. */
  thresholds?: RunnerThreshold[];
  /** How many of them did not fit: the message holds 4096 bytes. For the same reason counts of custom counters and rates are not here. */
  thresholdsLeftOut?: number;
  /** How often its CPU limit held it up while it made load (see supervise.sh). Absent where there is none, and where load was too short. */
  cpu?: CpuThrottling;
}

/** One runner as seen by the engine. */
export interface RunnerReport {
  index: number;
  /** Absent when the pod was never created. */
  pod?: string;
  node?: string;
  state: "pending" | "ready" | "running" | "succeeded" | "failed" | "lost";
  exitCode?: number;
  /** Kubernetes' reason: `OOMKilled`, `DeadlineExceeded`, `Evicted`, ... */
  reason?: string;
  /** A sentence on why, with the object and the remedy, when something is wrong. */
  cause?: string;
  startedAt?: string;
  finishedAt?: string;
  totals?: RunnerTotals;
  /** Another pod took over when it was lost; `state`, `exitCode` and `totals` are of both. */
  healed?: HealedPart;
  /** Last lines of the log, kept where the runner did not end well. */
  logTail?: string[];
}

/** What an engine reports while and after a run. */
export interface RunState {
  stage: "scheduling" | "starting" | "running" | "finished";
  runners: RunnerReport[];
  /** Sentences on what went wrong for the run as a whole, e.g. a start that never happened. */
  causes: string[];
  /** ISO times of first load and last sample. */
  startedAt?: string;
  finishedAt?: string;
  /** Milliseconds between the first and the last runner's start. */
  startSkewMs?: number;
  /** Why `abortWhen` stopped the run, a sentence. */
  aborted?: string;
}

/** A point of a chart: seconds since the run's start, and a value (`null` where there is none). */
export type SeriesPoint = [number, number | null];

/** What the report draws. */
export interface RunSeries {
  /** Length of a window, seconds. */
  windowSeconds: number;
  requestsPerSecond: SeriesPoint[];
  errorRate: SeriesPoint[];
  p50: SeriesPoint[];
  p95: SeriesPoint[];
  p99: SeriesPoint[];
  activeVus: SeriesPoint[];
}

/** Figures of the whole run, from the store. */
export interface RunFigures {
  /** Requests found in the store. */
  requests: number;
  /** Iterations found in the store. */
  iterations: number;
  errorRate: number | null;
  requestsPerSecond: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

/** The whole result of a run: the report's content, the JSON beside it and, without series, the resource's outputs. */
export interface RunResult {
  /** Version of this shape. */
  schema: 1;
  run: string;
  test: string;
  namespace: string;
  engine: EngineName;
  verdict: Verdict;
  /** A sentence each, with the object and the number in it. */
  reasons: string[];
  startedAt: string | null;
  finishedAt: string | null;
  startSkewMs: number | null;
  runners: RunnerReport[];
  thresholds: ThresholdResult[];
  figures: RunFigures;
  /** Runners' counts against the store's. Absent where one of the two tells nothing. */
  accounts?: MetricAccount[];
  gateway?: GatewayCounters;
  /** What two runs must have in common to be compared. */
  likeness?: Likeness;
  comparison?: Comparison;
  script: { name: string; digest: string };
  image: string;
  versions: Record<string, string>;
  trigger: string;
}
