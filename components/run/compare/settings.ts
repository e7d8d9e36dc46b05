import type { Problems } from "../../errors";
import type { Sensitivity } from "./figures";
import type { CompareSettings } from "./types";

/** Adds what is wrong with how runs are to be compared. */
export function checkCompare(settings: CompareSettings, path: string, problems: Problems): void {
  const { baseline, lastRuns } = settings;
  const { minimumEffect, significance } = sensitivityOf(settings);
  if ((baseline === undefined) === (lastRuns === undefined)) {
    problems.add(path, "needs either baseline (a result, or a folder of them) or lastRuns (how many of the newest), not both.");
  }
  if (lastRuns !== undefined && !(Number.isInteger(lastRuns) && lastRuns >= 1 && lastRuns <= 20)) {
    problems.add(`${path}.lastRuns`, `${lastRuns} is not a whole number from 1 to 20.`);
  }
  if (!(minimumEffect > 0 && minimumEffect < 1)) {
    problems.add(`${path}.minimumEffect`, `${minimumEffect} is not a share above 0 and below 1, such as 0.05.`);
  }
  if (!(significance > 0 && significance <= 0.2)) {
    problems.add(`${path}.significance`, `${significance} is not a chance above 0 and at most 0.2, such as 0.01.`);
  }
}

/** The sensitivity of a comparison, with its defaults. */
export function sensitivityOf({ minimumEffect = 0.05, significance = 0.01 }: Partial<CompareSettings>): Sensitivity {
  return { minimumEffect, significance };
}
