import { flux, fluxDuration, fluxExpression, fluxFloat, type ParameterizedQuery } from "@influxdata/influxdb-client";
import { builtInType, type MetricType } from "./thresholds-builtin";
import type { Aggregation, Threshold } from "./thresholds";
import type { StoreMode } from "./types";

/** The samples of one run: a name can be used again after a `destroy`, so the time counts too. */
export interface Scope {
  bucket: string;
  /** The run's name, which every sample carries as `testid`. */
  testid: string;
  start: Date;
  /** Not included. */
  stop: Date;
  /** How its samples are stored. @default "raw" */
  mode?: StoreMode;
  /** How many runners it has; where they are not told apart, what each of them has is multiplied by it. @default 1 */
  runners?: number;
}

/** What of a scope is asked for. */
export interface Selection {
  metric: string;
  /** Tags that a sample must carry. */
  tags?: Record<string, string>;
  /** Each runner's samples by themselves. */
  addRunners?: boolean;
}

/** Everything stored of a metric in a run, as one table over all runners: the base of every pooled figure. */
export function pooled(scope: Scope, metric: string, tags: Record<string, string> = {}): ParameterizedQuery {
  return flux`${samples(scope, metric, tags)} |> group()`;
}

/** As `pooled`, but a table per runner. */
export function perRunner(scope: Scope, metric: string): ParameterizedQuery {
  return flux`${samples(scope, metric)} |> group(columns: ["instance_id"]) |> sort(columns: ["_time"])`;
}

/** Everything stored of a metric in a run, a table per series. */
export function samples(scope: Scope, metric: string, tags: Record<string, string> = {}): ParameterizedQuery {
  return withTags(ofRun(scope, metric, "value"), tags);
}

/** One field of a measurement in a run, a table per series. */
export function ofRun({ bucket, testid, start, stop }: Scope, measurement: string, field: string): ParameterizedQuery {
  return flux`from(bucket: ${bucket}) |> range(start: ${start}, stop: ${stop})
  |> filter(fn: (r) => r._measurement == ${measurement} and r._field == ${field} and r.testid == ${testid})`;
}

/** What of a query carries these tags. */
export function withTags(query: ParameterizedQuery, tags: Record<string, string> = {}): ParameterizedQuery {
  return Object.entries(tags).reduce<ParameterizedQuery>(
    (base, [tag, value]) => flux`${base} |> filter(fn: (r) => r[${tag}] == ${value})`,
    query,
  );
}

/** How a pooled table becomes one value. */
export type Reduction = "sum" | "mean" | "min" | "max" | "last" | { quantile: number };

/** The Flux step of a reduction. `exact_mean` interpolates between samples as k6 does. */
export function reduced(query: ParameterizedQuery, reduction: Reduction): ParameterizedQuery {
  if (typeof reduction === "object") {
    return flux`${query} |> quantile(q: ${fluxFloat(reduction.quantile)}, method: "exact_mean")`;
  }
  // Tables of several series come one after the other: only sorting makes the last one the latest.
  const step = reduction === "last" ? `sort(columns: ["_time"]) |> last()` : `${reduction}()`;
  return flux`${query} |> ${fluxExpression(step)}`;
}

/** A reduction per window of the run; windows start with the run, empty ones are left out. */
export function windowed(query: ParameterizedQuery, reduction: Reduction, seconds: number, start: Date): ParameterizedQuery {
  const isQuantile = typeof reduction === "object";
  const fn = isQuantile
    ? flux`(column, tables=<-) => tables |> quantile(q: ${fluxFloat(reduction.quantile)}, method: "exact_mean", column: column)`
    : fluxExpression(reduction);
  // The storage engine does all others by itself. For this one Flux copies every sample into its window, with all of its tags where they are
  // not dropped before: 3.8 s instead of 0.8 for 356,000 samples.
  const copied = isQuantile ? flux`${query} |> keep(columns: ["_start", "_stop", "_time", "_value"])` : query;
  const lengthMs = Math.round(seconds * 1000);
  const every = fluxDuration(`${lengthMs}ms`);
  const offset = fluxDuration(`${start.getTime() % lengthMs}ms`);
  return flux`${copied} |> aggregateWindow(every: ${every}, offset: ${offset}, fn: ${fn}, createEmpty: false, timeSrc: "_start")`;
}

/** What of a metric a threshold compares. */
export interface FigurePlan {
  reduction: Reduction;
  /** Divide by the run's duration. */
  perSecond?: true;
  /** Reduce each runner's samples, then add up. */
  addRunners?: true;
  /** The figure where no sample is stored, if that says something by itself. */
  absent?: number;
}

/**
 * Decides how the samples that a threshold selects become its figure.
 *
 * The type of the script's own metrics is not on the wire. What can be asked of a type settles it, but for `rate`, which counters (per second) and rates
 * (a share) both have: with a bound from 0 to 1 it is a share, above that per second.
 */
export function figurePlan({ metric, tags, aggregation, bound, type: known }: Threshold): FigurePlan {
  const type = builtInType(metric) ?? known ?? typeByUse(aggregation, bound);
  switch (type) {
    case "counter": {
      // k6 writes this one only when it drops something, so its absence is a true zero.
      const absent = metric === "dropped_iterations" && Object.keys(tags).length === 0 ? { absent: 0 } : {};
      return { reduction: "sum", ...(aggregation.method === "rate" ? { perSecond: true } : {}), ...absent };
    }
    case "gauge":
      return { reduction: "last", ...(metric === "vus" || metric === "vus_max" ? { addRunners: true } : {}) };
    case "rate":
      return { reduction: "mean" };
    case "trend":
      return { reduction: trendReduction(aggregation) };
  }
}

function typeByUse({ method }: Aggregation, bound: number): MetricType {
  switch (method) {
    case "count":
      return "counter";
    case "value":
      return "gauge";
    case "rate":
      return bound > 1 ? "counter" : "rate";
    default:
      return "trend";
  }
}

function trendReduction(aggregation: Aggregation): Reduction {
  switch (aggregation.method) {
    case "p":
      return { quantile: aggregation.percentile / 100 };
    case "med":
      return { quantile: 0.5 };
    case "min":
    case "max":
      return aggregation.method;
    default:
      return "mean";
  }
}
