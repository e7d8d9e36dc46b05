import type { Marks, Section, StatPanel, Step, TimePanel, Variable } from "./model";
import { requestNames, runNames, scenarios } from "./flux/variables";

/** What stands for all runners where a gateway added samples up over them. */
export const allRunners = "all runners";

/** Tag of every annotation of ours. */
export const ownTag = "k6";

/** Colours of a share that shall be near 0. */
export const failedSteps: Step[] = [{ color: "green" }, { from: 0.01, color: "orange" }, { from: 0.05, color: "red" }];
/** Colours of a share that shall be near 1. */
export const passedSteps: Step[] = [{ color: "red" }, { from: 0.95, color: "orange" }, { from: 0.99, color: "green" }];
/** Colours of a number that shall be 0. */
export const zeroSteps: Step[] = [{ color: "green" }, { from: 1, color: "red" }];

/** A number on top: four of them fill a row, wide enough for their titles beside an open menu. */
export function stat(panel: Omit<StatPanel, "kind" | "width" | "height">): StatPanel {
  return { kind: "stat", width: 6, height: 3, ...panel };
}

/** A chart of half the width. */
export function chart(panel: Omit<TimePanel, "kind" | "width" | "height" | "labelledBy"> & { labelledBy?: string }): TimePanel {
  return { kind: "time", width: 12, height: 7, labelledBy: "series", ...panel };
}

/** The run that a dashboard shows. */
export const runVariable: Variable = { kind: "query", name: "testid", label: "Run", query: { flux: runNames } };

/** The reader's choice within a run. */
export const narrowing: Variable[] = [
  { kind: "query", name: "scenario", label: "Scenario", query: { flux: scenarios }, isMulti: true },
  { kind: "query", name: "name", label: "Request name", query: { flux: requestNames }, isMulti: true },
];

/** What is marked in the charts of a run. */
export const runMarks: Marks[] = [
  { name: "Run", tags: [ownTag, "testid:$testid", "kind:run"], color: "#8a949e" },
  { name: "Events", tags: [ownTag, "testid:$testid", "kind:event"], color: "orange" },
];

/** Sections without those that have no panel. */
export function filled(sections: readonly Section[]): Section[] {
  return sections.filter(({ panels }) => panels.length > 0);
}
