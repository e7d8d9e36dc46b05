/** Labels by which k6-operator finds what it made. A user's labels are added, but never replace these. */

/** Label that names the TestRun of an object. */
export const testRunLabel = "k6_cr";

/** Labels of every object of a run. */
export function runLabels(testRun: string): Record<string, string> {
  return { app: "k6", [testRunLabel]: testRun };
}

/** Labels of the Jobs, Pods and Services of the runners. */
export function runnerLabels(testRun: string): Record<string, string> {
  return { ...runLabels(testRun), runner: "true" };
}

/** A label selector that wants all of `labels`. */
export function selectorOf(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
