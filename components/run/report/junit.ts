import builder from "junit-report-builder";
import type { RunResult, ThresholdResult } from "../types";
import { actualText, outcomeOf } from "./outcomes";

/**
 * A run's result as JUnit XML: one test case for the run, one for the target, one for each threshold. Of an `invalid` run nothing counts as
 * passed: what was met is `skipped`.
 */
export function junit(result: RunResult): string {
  const { run, test, verdict, reasons, thresholds, startedAt, finishedAt, image, script } = result;
  const report = builder.newBuilder();
  const suite = report.testSuite().name(text(`k6 ${test}`));
  if (startedAt !== null) {
    suite.timestamp(new Date(startedAt));
  }
  const properties = { run, verdict, image, script: `${script.name} ${script.digest}` };
  Object.entries(properties).forEach(([name, value]) => suite.property(name, text(value)));
  const lastedMs = startedAt !== null && finishedAt !== null ? Date.parse(finishedAt) - Date.parse(startedAt) : 0;
  const testCase = (name: string) =>
    suite
      .testCase()
      .className(text(`k6.${test}`))
      .name(text(name));
  const said = text(reasons.join("\n"));
  const believed = testCase("the run can be believed").time(lastedMs / 1000);
  if (verdict === "invalid") {
    believed.error(said, "invalid");
  }
  const held = testCase("the target held");
  if (verdict === "fail") {
    held.failure(said, "fail");
  } else if (verdict === "invalid") {
    held.skipped();
  }
  for (const threshold of thresholds) {
    const one = testCase(nameOf(threshold));
    const { kind, words } = outcomeOf(threshold);
    const found = text(`${words}: ${actualText(threshold)}`);
    if (kind === "fail") {
      one.failure(found, "missed");
    } else if (kind === "invalid") {
      one.error(found, "not evaluated");
    } else if (verdict === "invalid") {
      one.skipped();
    }
  }
  return report.build();
}

function nameOf({ metric, expression, source = "test" }: ThresholdResult): string {
  const kinds = { test: "threshold", script: "threshold of the script", query: "query" };
  return `${kinds[source]} ${metric}: ${expression}`;
}

/** XML 1.0 holds no control characters but tab and line ends, not even escaped. */
function text(value: string): string {
  return value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd").replaceAll("\u202f", " ");
}
