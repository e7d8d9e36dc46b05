import { type Problem, Problems } from "../errors";
import { checkTargets } from "../network/targets";
import { checkEngine, checkEngineScript } from "./engines/checks";
import { checkPlacement, placementFields } from "./engines/placement";
import { checkHeal } from "./healing/heals";
import { inspectScript } from "./inspect";
import { checkJudging } from "./judging";
import type { LoadTestArgs } from "./load-test-args";
import { checkInspection, checkSizes } from "./plan";
import { checkLoad, hasLoad, loadKeys, requirementsOf, type LoadShape } from "./script/load-shape";
import { readScript } from "./script/read";
import { checkSecrets } from "./script/secrets";
import type { Script } from "./script/source";
import { thresholdProblems } from "./thresholds";
import type { RunnerResources, ValidityLimits } from "./types";

/** A load test without the platform it runs on. */
export type OwnArgs = Omit<LoadTestArgs, "platform">;

/** What is simply not done where nothing is said of it. */
type WithoutDefault = "queries" | "abortWhen" | "compare" | "placement" | "heal";

/** The arguments of a load test with every default filled in. */
export type Settings = Required<Omit<OwnArgs, "script" | "resources" | "limits" | WithoutDefault | keyof LoadShape>> &
  Pick<OwnArgs, WithoutDefault> & {
    load: LoadShape;
    resources: RunnerResources;
    limits: ValidityLimits;
  };

/** Everything that is wrong with the arguments of a load test, by property, so that a program can tell it before it creates anything. */
export function loadTestProblems(name: string, args: OwnArgs): readonly Problem[] {
  return examined(name, args).problems.all;
}

/** Fills in the defaults, and says whether k6 was asked about the script. @throws {ArgumentError} with everything that is wrong */
export function validated(name: string, args: OwnArgs): { settings: Settings; script: Script; inspected: boolean } {
  const { settings, script, inspected, problems } = examined(name, args);
  problems.throwIfAny(`load test ${name}`);
  return { settings, script: script as Script, inspected };
}

function examined(name: string, args: OwnArgs): { settings: Settings; script?: Script; inspected: boolean; problems: Problems } {
  const { script: source, vus, duration, iterations, stages, ...given } = args;
  const settings: Settings = {
    runners: 1,
    engine: "job",
    thresholds: {},
    targets: [],
    env: {},
    secrets: {},
    secretEnv: [],
    image: "grafana/k6:1.1.0",
    imagePullPolicy: "IfNotPresent",
    deadlineSeconds: 900,
    startDeadlineSeconds: defaultStartDeadline(args.deadlineSeconds ?? 900),
    ttlSeconds: 3600,
    trigger: "",
    gate: true,
    reportFolder: "reports",
    ...withoutUndefined(given),
    resources: { cpu: "500m", memory: "256Mi", ...args.resources },
    limits: { startSkewMs: 1000, droppedIterationsRatio: 0, ...args.limits },
    load: withoutUndefined({ vus, duration, iterations, stages }),
    ...(args.placement === undefined ? {} : { placement: placementFields(args.placement) }),
  };
  const problems = new Problems();
  checkSizes({ test: name, ...settings, ...settings.limits }, problems);
  checkEngine({ test: name, ...settings }, problems);
  checkPlacement(settings.placement ?? {}, problems);
  checkHeal(settings, problems);
  thresholdProblems(settings.thresholds, "thresholds").forEach(({ path, reason }) => problems.add(path, reason));
  checkJudging(settings, problems);
  checkTargets(settings.targets, "targets", problems);
  checkLoad(settings.load, problems);
  checkSecrets(settings, problems);
  const script = readScript(source, { path: "script", runners: settings.runners }, problems);
  if (script !== undefined) {
    checkEngineScript(settings.engine, script, problems);
  }
  const inspected = script !== undefined && inspect(script, settings, problems);
  return { settings, script, inspected, problems };
}

/** Two minutes, but at most half of the deadline: it counts from the pods' start, so the load needs the rest. */
function defaultStartDeadline(deadlineSeconds: number): number {
  return Math.max(1, Math.min(120, Math.floor(deadlineSeconds / 2)));
}

/** Asks k6 where one is at hand, and says whether it answered; a script whose variables are only known later, or are secret, is not asked about. */
function inspect(script: Script, settings: Settings, problems: Problems): boolean {
  const { load, secretEnv, secrets } = settings;
  if (problems.all.some(({ path }) => loadKeys.some((key) => path.startsWith(key)))) {
    return false;
  }
  const env = Object.entries(settings.env).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const isKnown = env.length === Object.keys(settings.env).length && secretEnv.length === 0;
  const hasSecrets = Object.keys(secrets).length > 0;
  const asked = isKnown ? inspectScript(script, { env: Object.fromEntries(env), load, hasSecrets }) : undefined;
  if (asked !== undefined && "refusal" in asked) {
    problems.add("script", asked.refusal);
  } else if (asked !== undefined || hasLoad(load)) {
    checkInspection(asked?.inspection ?? requirementsOf(load), settings, problems);
  }
  return asked !== undefined;
}

/** The object without the keys that hold nothing. */
export function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
