import { ArgumentError, type Problem } from "../errors";
import { builtInType, type MetricType } from "./thresholds-builtin";
import { splitWindow, type Window } from "./thresholds-window";
import type { ThresholdMap } from "./types";

/** How the samples of a metric become one number. */
export type Aggregation =
  { method: "avg" | "min" | "max" | "med" | "count" | "rate" | "value" } | { method: "p"; percentile: number };

export type Operator = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** A threshold taken apart. */
export interface Threshold {
  /** As written, e.g. `http_req_duration{name:login}`. */
  key: string;
  /** Without the tags, e.g. `http_req_duration`. */
  metric: string;
  /** Tags a sample must carry, e.g. `{ name: "login" }`. */
  tags: Record<string, string>;
  /** As written, e.g. `p(95)<500`. */
  expression: string;
  aggregation: Aggregation;
  operator: Operator;
  bound: number;
  /** Evaluated in each window of the run instead of once. */
  window?: Window;
  /** The type of the metric, where it is known though k6 does not define the metric. */
  type?: MetricType;
}

/** What k6 can ask of each type of metric; k6 refuses the rest with exit code 104. */
const methods: Record<MetricType, readonly Aggregation["method"][]> = {
  counter: ["count", "rate"],
  gauge: ["value"],
  rate: ["rate"],
  trend: ["avg", "min", "max", "med", "p"],
};

// k6 reads numbers with Go's strconv and drops underscores between digits; infinity and NaN cannot be a bound of use.
const number = String.raw`[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?`;
const numberForm = new RegExp(`^${number}$`);
const aggregationForm = new RegExp(String.raw`^(?:(avg|min|max|med|count|rate|value)|p\((${number})\))$`);
const operatorForm = /^([^<>=!]*)(<=|>=|===|==|!=|<|>)(.*)$/s;
// https://grafana.com/docs/k6/latest/using-k6/metrics/create-custom-metrics/
const metricForm = /^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/;

/** Tags of k6 that never reach the store, because each value would be a series of its own. */
const unstoredTags: Record<string, string> = { url: "name", error: "error_code", vu: "scenario", iter: "scenario" };

const example = `e.g. "p(95)<500", "rate<0.01" or "count>1000"`;

/**
 * Takes thresholds in k6's syntax apart.
 *
 * @throws {ArgumentError} with every problem found
 */
export function parseThresholds(map: ThresholdMap, path = "thresholds"): Threshold[] {
  const parsed = parseAll(map, path);
  const problems = parsed.filter(isProblem);
  if (problems.length > 0) {
    throw new ArgumentError(path, problems);
  }
  return parsed.filter((item): item is Threshold => !isProblem(item));
}

/** Everything wrong with a map of thresholds, each with its path, e.g. `thresholds.http_req_duration[0]`. */
export function thresholdProblems(map: ThresholdMap, path: string): Problem[] {
  return parseAll(map, path).filter(isProblem);
}

function isProblem(item: Threshold | Problem): item is Problem {
  return "reason" in item;
}

function parseAll(map: ThresholdMap, path: string): (Threshold | Problem)[] {
  return Object.entries(map).flatMap(([key, expressions]): (Threshold | Problem)[] => {
    const keyPath = metricForm.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
    const selection = parseKey(key);
    if (typeof selection === "string") {
      return [{ path: keyPath, reason: selection }];
    }
    if (expressions.length === 0) {
      return [{ path: keyPath, reason: `has no expression. Write one, ${example}, or remove the metric.` }];
    }
    return expressions.map((expression, i) => {
      const parsed = parseExpression(expression, selection.metric);
      return typeof parsed === "string"
        ? { path: `${keyPath}[${i}]`, reason: parsed }
        : { key, ...selection, expression: expression.trim(), ...parsed };
    });
  });
}

/** Splits `http_req_duration{name:login,status:200}`; gives a sentence where that fails. */
function parseKey(key: string): Pick<Threshold, "metric" | "tags"> | string {
  const open = key.indexOf("{");
  const metric = open < 0 ? key : key.slice(0, open);
  if (open >= 0 && !key.endsWith("}")) {
    return `"${key}" opens a tag filter that it does not close at its end. Write it like http_req_duration{name:login}.`;
  }
  if (!metricForm.test(metric)) {
    return `"${metric}" is no metric name: k6 allows 2 to 129 letters, digits and underscores, not starting with a digit.`;
  }
  const tags: Record<string, string> = {};
  for (const part of open < 0 ? [] : key.slice(open + 1, -1).split(",")) {
    const colon = part.indexOf(":");
    const name = unquoted(part.slice(0, Math.max(colon, 0)));
    const value = unquoted(part.slice(colon + 1));
    if (name === "" || value === "") {
      return `tag filter "${part}" of "${key}" is no tag:value. Write it like http_req_duration{name:login,status:200}; a value holds no comma.`;
    }
    if (Object.hasOwn(tags, name)) {
      return `"${key}" names the tag "${name}" twice. A sample has one value per tag: keep one of them.`;
    }
    if (Object.hasOwn(unstoredTags, name)) {
      return `the tag "${name}" is not stored, as it would make a series per value. Use "${unstoredTags[name]}" or a tag of your own.`;
    }
    tags[name] = value;
  }
  return { metric, tags };
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/s, "$2");
}

type Expression = Pick<Threshold, "aggregation" | "operator" | "bound" | "window" | "type">;

/** Reads `p(95)<500 over 30s for 90%`; gives a sentence where that fails. */
export function parseExpression(text: string, metric: string): Expression | string {
  const split = splitWindow(text);
  if (typeof split === "string") {
    return split;
  }
  const comparison = parseComparison(split.rest, metric);
  return typeof comparison === "string" || split.window === undefined ? comparison : { ...comparison, window: split.window };
}

function parseComparison(text: string, metric: string): Expression | string {
  const [, left, operator, right] = operatorForm.exec(text) ?? [];
  if (left === undefined || right === undefined) {
    return `"${text}" compares nothing. Write an aggregation, an operator (<, <=, >, >=, ==, !=) and a number, ${example}.`;
  }
  const [, method, percentile] = aggregationForm.exec(left.trim()) ?? [];
  if (method === undefined && percentile === undefined) {
    return `"${text}" asks for "${left.trim()}". Allowed are avg, min, max, med, p(N), count, rate and value, ${example}.`;
  }
  const [, bound = "", perSecond] = /^(.*?)(\/s)?$/s.exec(right.trim()) ?? [];
  if (!numberForm.test(bound)) {
    return `"${text}" compares with "${right.trim()}", which is no number. Write it without a unit (times are milliseconds), ${example}.`;
  }
  const aggregation: Aggregation =
    percentile === undefined
      ? { method: method as Exclude<Aggregation["method"], "p"> }
      : { method: "p", percentile: toNumber(percentile) };
  const problem =
    aggregationProblem(text, metric, aggregation) ??
    (perSecond === undefined ? undefined : perSecondProblem(text, metric, method));
  return (
    problem ?? {
      aggregation,
      operator: (operator === "===" ? "==" : operator) as Operator,
      bound: toNumber(bound),
      ...(perSecond === undefined ? {} : { type: "counter" }),
    }
  );
}

function aggregationProblem(text: string, metric: string, aggregation: Aggregation): string | undefined {
  if (aggregation.method === "p" && !(aggregation.percentile >= 0 && aggregation.percentile <= 100)) {
    return `"${text}" asks for percentile ${aggregation.percentile}. Percentiles go from 0 to 100, e.g. "p(99.9)<1000".`;
  }
  const type = builtInType(metric);
  if (type !== undefined && !methods[type].includes(aggregation.method)) {
    const allowed = methods[type].map((method) => (method === "p" ? "p(N)" : method)).join(", ");
    return `"${text}" asks for ${aggregation.method}, but ${metric} is a ${type}, which has ${allowed}.`;
  }
  return undefined;
}

/** `rate>0.5/s` is of a counter, whatever the bound. */
function perSecondProblem(text: string, metric: string, method: string | undefined): string | undefined {
  const type = builtInType(metric) ?? "counter";
  return method === "rate" && type === "counter"
    ? undefined
    : `"${text}" compares per second, which only rates of counters are. Leave the "/s" out.`;
}

function toNumber(text: string): number {
  return Number(text.replaceAll("_", ""));
}
