import {
  effectiveSize,
  mean,
  median,
  rankTest,
  robustDeviation,
  shift,
  standardDeviation,
  studentQuantile,
  sum,
  trimmedMean,
  twoSided,
  twoSidedQuantile,
} from "./statistics";
import type { ComparedFigure } from "./types";

/** Where a difference begins to be one. */
export interface Sensitivity {
  /** Relative difference of times below which nothing is called one. */
  minimumEffect: number;
  /** Chance of calling equal windows different. */
  significance: number;
}

/** From this many runs on their own spread says how much runs differ by themselves; that of fewer is so uncertain that it would hide 10 %. */
export const runsForNoise = 5;
/** Difference of error rates below which nothing is called one. */
const minimumErrorEffect = 0.01;
// Passed by a normal value in one of five cases: what is detectable is found in the other four.
const powerQuantile = 0.8416;
// Passed by a normal value in one of twenty cases.
const confidenceQuantile = 1.6449;

/** Compares a response time by its windows. Every run has the same weight for each of its windows; differences are of logarithms. */
export function comparedTime(
  name: string,
  candidateMs: readonly number[],
  baselinesMs: readonly (readonly number[])[],
  { minimumEffect, significance }: Sensitivity,
): ComparedFigure {
  const candidate = candidateMs.map(Math.log);
  const baselines = baselinesMs.map((run) => run.map(Math.log));
  const pooled = baselines.flat();
  const difference = shift(pooled, candidate);
  // Neighbouring windows are alike, so that many of them are worth fewer.
  const worth = 1 / effectiveSize(candidate) + 1 / sum(baselines.map(effectiveSize));
  const pValue = rankTest(candidate, pooled, worth / (1 / candidate.length + 1 / pooled.length));
  const noise = noiseOf(baselines.map(trimmedMean), significance);
  // Of the Hodges-Lehmann shift of normal values: pi / 3 times the variance of a difference of means.
  const spread = robustDeviation([...centred(candidate), ...baselines.flatMap(centred)]);
  const error = spread * Math.sqrt((Math.PI / 3) * worth);
  // More than the smallest effect even where chance made the most of it, and more than runs differ by themselves.
  const floor = Math.max(Math.log(1 + minimumEffect) + confidenceQuantile * error, noise ?? 0);
  const detectable = Math.max(floor, twoSidedQuantile(significance) * error) + powerQuantile * error;
  const isDifferent = pValue < significance && Math.abs(difference) >= floor;
  return {
    ...{ name, unit: "ms", pValue },
    baseline: Math.exp(median(pooled)),
    candidate: Math.exp(median(candidate)),
    change: Math.expm1(difference),
    noise: noise === null ? null : Math.expm1(noise),
    detectable: Math.expm1(detectable),
    outcome: !isDifferent ? "same" : difference > 0 ? "worse" : "better",
  };
}

/** Requests of a run, and which share of them failed. */
export interface Errors {
  requests: number;
  rate: number;
}

/** Compares error rates by the normal approximation of two shares. */
export function comparedErrors(candidate: Errors, baselines: readonly Errors[], { significance }: Sensitivity): ComparedFigure {
  const requests = sum(baselines.map((run) => run.requests));
  const rate = sum(baselines.map((run) => run.rate * run.requests)) / requests;
  const change = candidate.rate - rate;
  const all = (rate * requests + candidate.rate * candidate.requests) / (requests + candidate.requests);
  const error = Math.sqrt(all * (1 - all) * (1 / requests + 1 / candidate.requests));
  const pValue = error === 0 ? 1 : twoSided(change / error);
  const rates = baselines.map((run) => run.rate);
  const noise = noiseOf(rates, significance);
  const floor = Math.max(minimumErrorEffect + confidenceQuantile * error, noise ?? 0);
  const isDifferent = pValue < significance && Math.abs(change) >= floor;
  return {
    ...{ name: "error rate", unit: "", baseline: rate, candidate: candidate.rate, change, pValue, noise },
    detectable: Math.max(floor, twoSidedQuantile(significance) * error) + powerQuantile * error,
    outcome: !isDifferent ? "same" : change > 0 ? "worse" : "better",
  };
}

/** How far a further run like these may lie from their mean; `null` where they are too few. */
function noiseOf(levels: readonly number[], significance: number): number | null {
  const count = levels.length;
  return count < runsForNoise
    ? null
    : studentQuantile(significance, count - 1) * standardDeviation(levels) * Math.sqrt(1 + 1 / count);
}

function centred(values: readonly number[]): number[] {
  const centre = mean(values);
  return values.map((value) => value - centre);
}
