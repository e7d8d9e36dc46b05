import { exploreUrl, runUrl, type RunLimits } from "./links";
import type { RunResult, ThresholdResult } from "../run/types";
import type { AnnotationWish } from "./api/annotations";
import type { ServiceAddress } from "../kube/tunnel";

/** Where the result of a run is shown. Nothing in it is secret. */
export interface RunGrafana {
  /** Address for people, with the path under which it is served. */
  url: string;
  /** Number of the organisation. */
  org: number;
  /** Uid of the data source. */
  dataSource: string;
  /** Tells its dashboards from those of another stack. @default nothing does */
  name?: string;
  /** How its API is reached where Pulumi runs: through the API server. @default by `url` */
  service?: ServiceAddress;
}

/** Links to the result of a run; empty where the run never had load, of which there is nothing to see. */
export interface RunLinks {
  dashboard: string;
  explore: string;
}

type Told = Pick<RunResult, "run" | "startedAt" | "finishedAt" | "thresholds">;

/** Links to the result of a run. */
export function runLinks(grafana: RunGrafana, { run, startedAt, finishedAt, thresholds }: Told): RunLinks {
  if (startedAt === null || finishedAt === null) {
    return { dashboard: "", explore: "" };
  }
  const time = { start: new Date(startedAt), stop: new Date(finishedAt) };
  return { dashboard: runUrl(grafana, run, time, limitsOf(thresholds)), explore: exploreUrl(grafana, run, time) };
}

/** The limits among a run's thresholds that the dashboard draws as lines: of all requests, and the strictest of several. */
export function limitsOf(thresholds: readonly Pick<ThresholdResult, "metric" | "expression">[]): RunLimits {
  const bounds = (metric: string, form: RegExp) =>
    thresholds.flatMap(({ metric: of, expression }) => {
      const bound = of === metric ? form.exec(expression.replaceAll(" ", ""))?.[1] : undefined;
      return bound === undefined ? [] : [Number(bound)];
    });
  const durations = bounds("http_req_duration", /^(?:p\(\d+(?:\.\d+)?\)|med|avg|max)<=?(\d+(?:\.\d+)?)$/);
  const shares = bounds("http_req_failed", /^rate<=?(\d*\.?\d+)$/);
  return {
    ...(durations.length === 0 ? {} : { durationMs: Math.min(...durations) }),
    ...(shares.length === 0 ? {} : { failedPercent: Number((Math.min(...shares) * 100).toPrecision(6)) }),
  };
}

// Grafana keeps more, and a list of annotations shows less.
const longestText = 1000;

/** What is marked in the charts of a run: its time, its verdict and the reasons; nothing where it never had load. */
export function runAnnotation(
  result: Pick<RunResult, "run" | "test" | "verdict" | "reasons" | "startedAt" | "finishedAt">,
): AnnotationWish | undefined {
  const { run, test, verdict, reasons, startedAt, finishedAt } = result;
  if (startedAt === null || finishedAt === null) {
    return undefined;
  }
  const text = [`${run}: ${verdict}`, ...reasons].map(escaped).join("<br>");
  return {
    ...{ testid: run, kind: "run", key: "run" },
    ...{ time: Date.parse(startedAt), timeEnd: Date.parse(finishedAt) },
    text: text.length <= longestText ? text : `${text.slice(0, longestText)}…`,
    tags: [`test:${test}`, `verdict:${verdict}`],
  };
}

/** Grafana shows the text of an annotation as HTML. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
