import type { Problems } from "../errors";
import { parseThresholds, thresholdProblems, type Threshold } from "./thresholds";
import { meets } from "./thresholds-evaluate";
import type { ThresholdMap } from "./types";
import { figure } from "./verdict-words";

/** Stops a run early when its target is in distress. */
export interface AbortRule {
  /** Thresholds by metric, in k6's syntax; each is looked at in one window after the other, over the samples of all runners. */
  thresholds: ThresholdMap;
  /** Length of a window, whole seconds. @default 10 */
  windowSeconds?: number;
  /** How many windows in a row must miss a threshold. @default 3 */
  windows?: number;
}

/** A rule with its defaults. */
export type CompleteAbortRule = Required<AbortRule>;

/** Fills in the defaults. */
export function completeRule({ thresholds, windowSeconds = 10, windows = 3 }: AbortRule): CompleteAbortRule {
  return { thresholds, windowSeconds, windows };
}

/** Adds what is wrong with a rule. */
export function checkAbortRule(rule: AbortRule, path: string, problems: Problems): void {
  const { thresholds, windowSeconds, windows } = completeRule(rule);
  const wrong = thresholdProblems(thresholds, `${path}.thresholds`);
  wrong.forEach(({ path: own, reason }) => problems.add(own, reason));
  if (Object.keys(thresholds).length === 0) {
    problems.add(`${path}.thresholds`, `is empty, so nothing could stop the run. Write e.g. { http_req_failed: ["rate<0.5"] }.`);
  }
  if (wrong.length === 0 && parseThresholds(thresholds).some(({ window }) => window !== undefined)) {
    problems.add(
      `${path}.thresholds`,
      `has a threshold with windows of its own. Leave "over ..." out and use ${path}.windowSeconds.`,
    );
  }
  for (const [name, value] of Object.entries({ windowSeconds, windows })) {
    if (!Number.isInteger(value) || value < 1) {
      problems.add(`${path}.${name}`, `${value} is not a whole number above 0.`);
    }
  }
}

/** The thresholds of a rule, each in windows of the rule's length. */
export function abortThresholds({ thresholds, windowSeconds }: CompleteAbortRule): Threshold[] {
  return parseThresholds(thresholds).map((threshold) => ({ ...threshold, window: { seconds: windowSeconds, share: 1 } }));
}

/** Counts windows that missed a threshold in a row. */
export class Distress {
  private readonly missed: number[][];

  constructor(
    private readonly rule: CompleteAbortRule,
    private readonly thresholds: readonly Threshold[],
  ) {
    this.missed = thresholds.map(() => []);
  }

  /**
   * Takes the figures of the next window, one for each threshold, and says why to stop, if it is time. A window without samples (`null`) counts
   * neither way: what is not seen must not end a run.
   */
  next(figures: readonly (number | null)[]): string | undefined {
    this.thresholds.forEach((threshold, i) => {
      const value = figures[i] ?? null;
      if (value !== null) {
        this.missed[i] = meets(threshold, value) ? [] : [...this.missed[i], value];
      }
    });
    const broken = this.missed.findIndex((values) => values.length >= this.rule.windows);
    if (broken < 0) {
      return undefined;
    }
    const { key, expression } = this.thresholds[broken];
    const { windowSeconds, windows } = this.rule;
    const values = this.missed[broken].slice(-windows).map(figure).join(", ");
    const count = windows === 1 ? `a window of ${windowSeconds} s` : `${windows} windows of ${windowSeconds} s in a row`;
    return `${key}: ${expression} was missed in ${count} (${values})`;
  }
}
