import type { Problems } from "../errors";
import { checkAbortRule, type AbortRule } from "./abort";
import { checkCompare } from "./compare/settings";
import type { CompareSettings } from "./compare/types";
import { checkQueries, type QueryThresholds } from "./query-thresholds";
import type { ValidityLimits } from "./types";

/** What of a load test's arguments says how its runs are judged, beside thresholds. */
export interface Judging {
  queries?: QueryThresholds;
  abortWhen?: AbortRule;
  compare?: CompareSettings;
  limits: ValidityLimits;
}

/** Adds what is wrong with how runs are to be judged. */
export function checkJudging({ queries, abortWhen, compare, limits }: Judging, problems: Problems): void {
  checkQueries(queries ?? {}, "queries", problems);
  if (abortWhen !== undefined) {
    checkAbortRule(abortWhen, "abortWhen", problems);
  }
  if (compare !== undefined) {
    checkCompare(compare, "compare", problems);
  }
  for (const name of ["lostSamplesRatio", "throttledPeriodsRatio"] as const) {
    const { [name]: share = 0 } = limits;
    if (!(share >= 0 && share <= 1)) {
      problems.add(`limits.${name}`, `${share} is not a share from 0 to 1.`);
    }
  }
}
