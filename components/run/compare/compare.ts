import type { RunResult } from "../types";
import { figure, percent } from "../verdict-words";
import { comparedErrors, comparedTime, runsForNoise, type Sensitivity } from "./figures";
import { differences } from "./likeness";
import { median } from "./statistics";
import type { ComparedFigure, ComparedWindows, Comparison } from "./types";

/** A run with what it is compared by. */
export interface ComparedRun {
  result: Pick<RunResult, "run" | "verdict" | "figures" | "likeness" | "engine" | "versions">;
  windows?: ComparedWindows;
}

/** Fewer say too little of how much they differ by chance. */
const minWindows = 10;

/**
 * Compares a run with earlier ones. What is different in a way that makes times another matter is refused, what may is told.
 */
export function compareRuns(candidate: ComparedRun, baselines: readonly ComparedRun[], sensitivity: Sensitivity): Comparison {
  const names = baselines.map(({ result }) => result.run);
  const obstacle = obstacleOf(candidate, baselines);
  if (obstacle !== undefined) {
    return notComparable(obstacle, names);
  }
  const figures = comparedFigures(candidate, baselines, sensitivity);
  const worse = figures.filter(({ outcome }) => outcome === "worse");
  const better = figures.filter(({ outcome }) => outcome === "better");
  const telling = worse.length > 0 ? worse : better;
  return {
    outcome: worse.length > 0 ? "regression" : better.length > 0 ? "improvement" : "no difference found",
    reason: telling.length > 0 ? `${telling.map(differenceText).join("; ")}.` : sameText(figures),
    caveats: [...noiseCaveat(figures, baselines, sensitivity), ...caveatsOf(candidate, baselines, sensitivity)],
    baselines: names,
    figures,
  };
}

/** The comparison where there can be none. */
export function notComparable(reason: string, baselines: string[] = []): Comparison {
  return { outcome: "not comparable", reason, caveats: [], baselines, figures: [] };
}

function obstacleOf(candidate: ComparedRun, baselines: readonly ComparedRun[]): string | undefined {
  if (baselines.length === 0) {
    return "there is no run to compare with.";
  }
  if (candidate.result.verdict === "invalid") {
    return "the run itself cannot be believed.";
  }
  const ours = inner(candidate.windows);
  for (const { result, windows } of baselines) {
    if (result.verdict === "invalid") {
      return `run ${result.run} cannot be believed itself. Give one that was judged pass or fail.`;
    }
    const other = differences(candidate.result.likeness ?? {}, result.likeness ?? {});
    if (other.length > 0) {
      return `run ${result.run} is of another kind: ${other.join(", ")}. Give a run of the same kind.`;
    }
    const theirs = inner(windows);
    if (Math.min(ours.p50.length, theirs.p50.length) < minWindows) {
      return `${Math.min(ours.p50.length, theirs.p50.length)} windows with requests are too few; ${minWindows} are needed. Let the test run longer.`;
    }
    const ratio = ours.windowSeconds / theirs.windowSeconds;
    if (ratio > 1.25 || ratio < 0.8) {
      return `run ${result.run} has windows of ${figure(theirs.windowSeconds)} s, this one of ${figure(ours.windowSeconds)} s: they did not last alike.`;
    }
  }
  return undefined;
}

function comparedFigures(candidate: ComparedRun, baselines: readonly ComparedRun[], sensitivity: Sensitivity): ComparedFigure[] {
  const ours = inner(candidate.windows);
  const theirs = baselines.map(({ windows }) => inner(windows));
  const times = (["p50", "p95"] as const).map((name) =>
    comparedTime(
      name,
      ours[name],
      theirs.map((windows) => windows[name]),
      sensitivity,
    ),
  );
  const [errors, ...others] = [candidate, ...baselines].map(({ result: { figures } }) => ({
    requests: figures.requests,
    rate: figures.errorRate ?? NaN,
  }));
  const hasErrors = [errors, ...others].every(({ requests, rate }) => requests > 0 && !Number.isNaN(rate));
  return hasErrors ? [...times, comparedErrors(errors, others, sensitivity)] : times;
}

/** Without the first window, in which connections are made, and the last, which is cut off; and without what has no logarithm. */
function inner({ windowSeconds, p50, p95 }: ComparedWindows = { windowSeconds: NaN, p50: [], p95: [] }): ComparedWindows {
  const cut = (values: readonly number[]) => values.slice(1, -1).filter((value) => value > 0);
  return { windowSeconds, p50: cut(p50), p95: cut(p95) };
}

function caveatsOf({ result }: ComparedRun, baselines: readonly ComparedRun[], { minimumEffect }: Sensitivity): string[] {
  const count = baselines.length;
  const few =
    count >= runsForNoise
      ? []
      : [
          `${count === 1 ? "One run is" : `${count} runs are`} no measure of how much runs differ by themselves: taken are ${percent(minimumEffect)} ` +
            `(compare.minimumEffect). From ${runsForNoise} on it is measured.`,
        ];
  const others = baselines.flatMap(({ result: theirs }) => [
    ...(theirs.engine === result.engine
      ? []
      : [`Run ${theirs.run} was with engine ${theirs.engine}, this one with ${result.engine}.`]),
    ...(JSON.stringify(theirs.versions) === JSON.stringify(result.versions)
      ? []
      : [
          `Run ${theirs.run} was made with other versions (${versionsText(theirs.versions)}; here ${versionsText(result.versions)}).`,
        ]),
  ]);
  return [...few, ...rateCaveat(result, baselines), ...others];
}

/** Where runs that were alike differ much by themselves, one of them mostly was disturbed. */
function noiseCaveat(
  figures: readonly ComparedFigure[],
  baselines: readonly ComparedRun[],
  { minimumEffect }: Sensitivity,
): string[] {
  const noise = Math.max(...figures.map((one) => (one.unit === "ms" ? (one.noise ?? 0) : 0)));
  if (noise <= 2 * minimumEffect) {
    return [];
  }
  const levels = baselines.map(({ windows }) => median(inner(windows).p50));
  const middle = median(levels);
  const distances = levels.map((level) => Math.abs(Math.log(level / middle)));
  const farthest = distances.indexOf(Math.max(...distances));
  return [
    `The runs before differ by themselves by up to ${percent(noise)}, which hides smaller differences. Farthest from the others is ` +
      `${baselines[farthest].result.run}: p50 ${figure(levels[farthest])} ms against ${figure(middle)} ms.`,
  ];
}

/** With a fixed number of VUs, a slower target is asked less, and so is spared. */
function rateCaveat({ figures }: ComparedRun["result"], baselines: readonly ComparedRun[]): string[] {
  const rates = baselines.flatMap(({ result }) => result.figures.requestsPerSecond ?? []);
  const theirs = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const ours = figures.requestsPerSecond ?? NaN;
  return Math.abs(ours / theirs - 1) > 0.05
    ? [
        `The rate is another: ${figure(ours)} requests per second here, ${figure(theirs)} there. Times at different rates are different things.`,
      ]
    : [];
}

function versionsText(versions: Record<string, string>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

function differenceText({ name, unit, baseline, candidate, change, pValue }: ComparedFigure): string {
  const sense = change > 0 ? "higher" : "lower";
  const chance = pValue < 0.0001 ? "p < 0.0001" : `p = ${figure(pValue)}`;
  return unit === ""
    ? `${name} is ${sense}: ${percent(candidate)} against ${percent(baseline)} (${chance})`
    : `${name} is ${percent(Math.abs(change))} ${sense}: ${figure(candidate)} ${unit} against ${figure(baseline)} ${unit} (${chance})`;
}

function sameText(figures: readonly ComparedFigure[]): string {
  const limits = figures.map(
    ({ name, unit, detectable }) => `${unit === "" ? `${percent(detectable)} points` : percent(detectable)} in ${name}`,
  );
  return `a difference of ${limits.join(", ")} would have been found in four of five cases; smaller ones may be there.`;
}
