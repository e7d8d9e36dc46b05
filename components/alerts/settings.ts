import { type Problem, Problems } from "../errors";
import { alertNames, type AlertName } from "./rules/rule";

/** Alerts on a platform, for a Prometheus that prometheus-operator runs. */
export interface AlertsSettings {
  /** The Prometheus that asks for numbers and judges them. */
  prometheus: PrometheusPods;
  /** Labels of rules and monitors, by which Prometheus chooses those that it takes, e.g. `{ release: "prometheus" }`. @default none */
  objectLabels?: Record<string, string>;
  /** Labels of each alert, by which Alertmanager finds who is told, e.g. `{ team: "shop" }`. @default none but `severity` */
  alertLabels?: Record<string, string>;
  /** Address of the page with a section for each alert, to which they lead. @default "docs/alerts.md", the page in this package's repository */
  runbookUrl?: string;
  /** How often Prometheus asks, seconds. @default 30, as prometheus-operator does */
  scrapeSeconds?: number;
  limits?: AlertLimits;
  /** How long each must be so before it is told, seconds, by the alert's name. @default see docs/alerts.md */
  forSeconds?: Partial<Record<AlertName, number>>;
  /** Alerts that are left out. @default none */
  without?: AlertName[];
}

/** Pods of a Prometheus, which are let in to where they ask. */
export interface PrometheusPods {
  namespace: string;
  /** @default { "app.kubernetes.io/name": "prometheus" }, as prometheus-operator labels them */
  podLabels?: Record<string, string>;
}

/** From where on something is worth telling. */
export interface AlertLimits {
  /** Errors of k6-operator in half an hour. @default 10: single ones are two writers at once, and one that stays makes about 19 (its retries double) */
  operatorErrors?: number;
  /** Seconds that k6-operator is busy with one TestRun, and does no other. @default 60: it takes milliseconds, and 30 s where a runner is silent */
  operatorBusySeconds?: number;
  /** Seconds that a Job still has pods after its own deadline. @default 120: a pod has 30 s to end */
  runOverdueSeconds?: number;
  /** Seconds that a Job without a deadline has pods. @default 7200: load tests always have one, TestRuns of others may not */
  endlessRunSeconds?: number;
  /** Share of the gateway's buffer that is full. @default 0.5: by default it holds what comes in a minute */
  gatewayBufferShare?: number;
  /** Share of the store's volume that is full. @default 0.8: InfluxDB needs room to compact */
  storeShare?: number;
}

/** Limits with everything filled in. */
export function limitsOf(limits: AlertLimits = {}): Required<AlertLimits> {
  const { operatorErrors = 10, operatorBusySeconds = 60, runOverdueSeconds = 120, endlessRunSeconds = 7200 } = limits;
  const { gatewayBufferShare = 0.5, storeShare = 0.8 } = limits;
  return { operatorErrors, operatorBusySeconds, runOverdueSeconds, endlessRunSeconds, gatewayBufferShare, storeShare };
}

/** Everything that is wrong with the settings of alerts. */
export function alertsProblems(settings: AlertsSettings): readonly Problem[] {
  const problems = new Problems();
  const { prometheus, scrapeSeconds = 30, limits = {}, forSeconds = {}, without = [] } = settings;
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(prometheus.namespace)) {
    problems.add(
      "prometheus.namespace",
      `"${prometheus.namespace}" is no name of a namespace: give the one of Prometheus's pods.`,
    );
  }
  if (!Number.isInteger(scrapeSeconds) || scrapeSeconds < 5 || scrapeSeconds > 120) {
    // What a rule looks back on, ten minutes, shall hold some answers.
    problems.add("scrapeSeconds", `${scrapeSeconds} cannot be: give whole seconds from 5 to 120.`);
  }
  checkLimits(limits, problems);
  for (const [name, seconds] of Object.entries(forSeconds)) {
    checkName(name, `forSeconds.${name}`, problems);
    if (!Number.isInteger(seconds) || seconds < 0) {
      problems.add(`forSeconds.${name}`, `${seconds} is not a whole number of seconds from 0.`);
    }
  }
  without.forEach((name, i) => checkName(name, `without[${i}]`, problems));
  return problems.all;
}

function checkLimits(limits: AlertLimits, problems: Problems): void {
  for (const name of ["gatewayBufferShare", "storeShare"] as const) {
    const share = limits[name];
    if (share !== undefined && !(share > 0 && share < 1)) {
      problems.add(`limits.${name}`, `${share} is no share: give a number between 0 and 1, e.g. 0.8.`);
    }
  }
  for (const name of ["operatorErrors", "operatorBusySeconds", "runOverdueSeconds", "endlessRunSeconds"] as const) {
    const limit = limits[name];
    if (limit !== undefined && !(limit >= 0)) {
      problems.add(`limits.${name}`, `${limit} is no limit: give a number from 0.`);
    }
  }
}

function checkName(name: string, path: string, problems: Problems): void {
  if (!(alertNames as readonly string[]).includes(name)) {
    problems.add(path, `"${name}" is no alert. There are ${alertNames.join(", ")}.`);
  }
}
