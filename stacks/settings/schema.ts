import type { Placement } from "pulumi-k6";
import { z } from "zod";
import { alerts } from "./alerts";
import { grafana } from "./grafana";
import { quantity, text } from "./texts";

const positive = z.int().min(1);

const target = z.strictObject({
  name: z.string().optional(),
  cidrs: z.array(z.string()).optional(),
  namespace: z.string().optional(),
  podLabels: z.record(z.string(), text(z.string())).optional(),
  ports: z.array(z.number()),
});

/** A path alone is the most common way to give a script. */
const script = z.preprocess(
  (value) => (typeof value === "string" ? { path: value } : value),
  z.strictObject(
    {
      inline: z.string().optional(),
      path: z.string().optional(),
      volumeClaim: z.strictObject({ name: z.string(), file: z.string() }).optional(),
      imagePath: z.string().optional(),
      files: z.record(z.string(), z.string()).optional(),
      splitFiles: z.record(z.string(), z.string()).optional(),
    },
    {
      error: ({ code, input }) =>
        code !== "invalid_type"
          ? undefined
          : input === undefined
            ? "is missing: give the path of a k6 script."
            : `${JSON.stringify(input)} was given: use the path of a k6 script, or a group of settings.`,
    },
  ),
);

const labels = z.record(z.string(), text(z.string())).optional();
const tolerations = z
  .array(
    z.strictObject({
      key: z.string().optional(),
      operator: z.string().optional(),
      value: text(z.string()).optional(),
      effect: z.string().optional(),
      tolerationSeconds: z.number().optional(),
    }),
  )
  .optional();

/** Kubernetes' own, as deep as it is: the API server knows what may be in it. */
const affinity = z.custom<NonNullable<Placement["affinity"]>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "is not a group, such as `nodeAffinity: ...`.",
);

const quantities = z.record(z.string(), quantity).optional();

const operator = z.strictObject({
  /** Where the operator is that `adopt` uses, or shall be. @default the platform's namespace with "-operator" */
  namespace: z.string().optional(),
  adopt: z.boolean().optional(),
  /** Where the tag of `images.k6Operator` does not tell it. */
  version: text(z.string()).optional(),
  expectedRunners: z.number().optional(),
  resources: z.strictObject({ requests: quantities, limits: quantities }).optional(),
  replicas: z.number().optional(),
  priorityClassName: z.string().optional(),
  imagePullSecrets: z.array(z.string()).optional(),
  nodeSelector: labels,
  tolerations,
  manageCrds: z.boolean().optional(),
  apiServer: z.strictObject({ cidrs: z.array(z.string()).optional(), ports: z.array(z.number()).optional() }).optional(),
  readySeconds: z.number().optional(),
});

const rollup = z.strictObject({
  enabled: z.boolean().optional(),
  bucket: z.string().optional(),
  windowSeconds: positive.optional(),
  retentionHours: z.int().min(0).optional(),
});

const bind = z.strictObject({
  url: z.string().optional(),
  org: z.string(),
  token: z.string(),
  service: z.strictObject({ namespace: z.string(), service: z.string(), port: positive }).optional(),
  addresses: target.omit({ name: true }).optional(),
});

const gateway = z
  .strictObject({
    enabled: z.boolean().optional(),
    replicas: z.number().optional(),
    expectedLoad: z.strictObject({ requestsPerSecond: z.number().optional(), requests: z.number().optional() }).optional(),
    mode: z.enum(["raw", "aggregated"]).optional(),
    storeOutageSeconds: z.number().optional(),
    seriesPerRun: z.number().optional(),
    tags: z.array(z.string()).optional(),
    cpu: quantity.optional(),
    memory: quantity.optional(),
  })
  .optional();

const loadTest = z.strictObject({
  /** Path of the k6 script, relative to this folder, or a group that says where it comes from. */
  script,
  vus: z.number().optional(),
  duration: z.string().optional(),
  iterations: z.number().optional(),
  stages: z.array(z.strictObject({ duration: z.string(), target: z.number() })).optional(),
  runners: z.number(),
  /** @default "operator" where the platform has one, else "job" */
  engine: z.enum(["job", "operator"]).optional(),
  thresholds: z.record(z.string(), z.array(z.string())).optional(),
  queries: z.record(z.string(), z.strictObject({ flux: z.string(), threshold: z.string() })).optional(),
  abortWhen: z
    .strictObject({
      thresholds: z.record(z.string(), z.array(z.string())),
      windowSeconds: z.number().optional(),
      windows: z.number().optional(),
    })
    .optional(),
  compare: z
    .strictObject({
      baseline: z.string().optional(),
      lastRuns: z.number().optional(),
      minimumEffect: z.number().optional(),
      significance: z.number().optional(),
      gate: z.boolean().optional(),
    })
    .optional(),
  targets: z.array(target).optional(),
  env: z.record(z.string(), text(z.string())).optional(),
  /** Set with `pulumi config set --secret --path`. */
  secrets: z.record(z.string(), text(z.string())).optional(),
  secretEnv: z.array(z.string()).optional(),
  resources: z.strictObject({ cpu: quantity.optional(), memory: quantity.optional() }).optional(),
  heal: z.strictObject({ maxGapSeconds: z.number() }).optional(),
  placement: z
    .strictObject({
      nodeSelector: labels,
      tolerations,
      affinity: affinity.optional(),
      priorityClassName: z.string().optional(),
    })
    .optional(),
  deadlineSeconds: z.number().optional(),
  startDeadlineSeconds: z.number().optional(),
  ttlSeconds: z.number().optional(),
  limits: z
    .strictObject({
      startSkewMs: z.number().optional(),
      droppedIterationsRatio: z.number().optional(),
      lostSamplesRatio: z.number().optional(),
      throttledPeriodsRatio: z.number().optional(),
    })
    .optional(),
  /** Any text; another text is another run. */
  trigger: text(z.string()).optional(),
});

/** The settings of a stack: what may stand in `Pulumi.<stack>.yaml` under `pulumi-k6:`. */
export const settingsSchema = z.strictObject({
  /** Context of the kubeconfig; must be named, so that nobody reaches the wrong cluster by accident. */
  context: z.string().min(1, "is empty: name a context of your kubeconfig.").optional(),
  /** Take whatever context is current instead. @default false */
  useCurrentContext: z.boolean().default(false),
  /** Path of a kubeconfig, or its content. @default that of `kubectl` */
  kubeconfig: z.string().optional(),
  platform: z
    .strictObject({
      namespace: z.string().default("load-tests"),
      protect: z.boolean().default(false),
      quota: z.strictObject({ cpu: quantity.optional(), memory: quantity.optional(), pods: positive.optional() }).optional(),
      store: z
        .strictObject({
          cpu: quantity.optional(),
          memory: quantity.optional(),
          storageSize: quantity.optional(),
          storageClass: z.string().optional(),
          retentionHours: z.int().min(0).optional(),
          /** Any text; another text is other tokens. */
          rotation: text(z.string()).optional(),
          retainData: z.boolean().optional(),
          org: z.string().optional(),
          bucket: z.string().optional(),
          database: z.string().optional(),
          rollup: rollup.optional(),
          /** An InfluxDB 2 that is there already; its token is set with `pulumi config set --secret --path`. */
          bind: bind.optional(),
        })
        .default({}),
      gateway,
      /** A k6-operator for the load tests; `{}` deploys one as it comes. @default none */
      operator: operator.optional(),
      /** A Grafana with dashboards; `{}` deploys one as it comes. @default none */
      grafana: grafana.optional(),
      /** Rules and monitors for a Prometheus. @default none */
      alerts: alerts.optional(),
    })
    .prefault({}),
  images: z
    .strictObject({
      k6: z.string().optional(),
      influxdb: z.string().optional(),
      /** Of the gateway. */
      telegraf: z.string().optional(),
      grafana: z.string().optional(),
      /** Of the operator's controller. */
      k6Operator: z.string().optional(),
      /** By which the operator starts runners. */
      starter: z.string().optional(),
    })
    .default({}),
  /** What may run in this stack at all. */
  mayRun: z
    .strictObject({
      /** Names of load tests. @default all */
      tests: z.array(z.string()).optional(),
      /** Most runners of one load test. @default no limit */
      maxRunners: positive.optional(),
      /** Whether each load test must carry a `trigger`, so that somebody asked for its run. @default false */
      needsTrigger: z.boolean().default(false),
    })
    .prefault({}),
  loadTests: z.record(z.string(), loadTest).default({}),
  /** A system under test to try things out on, stood up by this program. */
  demoTarget: z.strictObject({ image: z.string() }).optional(),
  /** Folder for reports, relative to this one. */
  reportFolder: z.string().default("../reports"),
});

/** The settings of a stack, complete and checked. */
export type Settings = z.infer<typeof settingsSchema>;
export type LoadTestSettings = Settings["loadTests"][string];
