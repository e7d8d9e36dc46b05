/** `make compare-bench`: how often real equal runs are called different, and how often a target 10 % slower is found. 20 pairs of 12 s take 14 minutes. */
import { compareRuns, type ComparedRun } from "../../../components/run/compare/compare";
import { sensitivityOf } from "../../../components/run/compare/settings";
import type { Comparison } from "../../../components/run/compare/types";
import { labEnvironment } from "../../../lab/env";
import { RunsToCompare } from "../../support/compare-runs";

const pairs = Number(process.argv[2] ?? 20);
const seconds = Number(process.argv[3] ?? 12);

async function main(): Promise<void> {
  // The lab's k6 and InfluxDB, unless others are named.
  Object.assign(process.env, labEnvironment());
  const runs = await RunsToCompare.start(seconds);
  try {
    const found: Record<string, Comparison[]> = { equal: [], "10 % slower": [], "10 % slower, against five runs": [] };
    const before: ComparedRun[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const [first, second, slower] = [await runs.make(), await runs.make(), await runs.make(1.1)];
      before.push(first);
      found["equal"].push(compareRuns(second, [first], sensitivityOf({})));
      found["10 % slower"].push(compareRuns(slower, [first], sensitivityOf({})));
      if (before.length >= 5) {
        found["10 % slower, against five runs"].push(compareRuns(slower, before.slice(-5), sensitivityOf({})));
      }
      console.log(
        `pair ${pair + 1}: ${Object.values(found)
          .map((all) => outcomeText(all.at(-1)))
          .join(" | ")}`,
      );
    }
    for (const [name, all] of Object.entries(found)) {
      const outcomes = all.map(({ outcome }) => outcome);
      const counts = [...new Set(outcomes)].map((outcome) => `${outcomes.filter((one) => one === outcome).length} ${outcome}`);
      console.log(`${name}: ${counts.join(", ")}`);
    }
  } finally {
    await runs.stop();
  }
}

function outcomeText(comparison: Comparison | undefined): string {
  const figures = comparison?.figures.slice(0, 2) ?? [];
  const texts = figures.map(
    ({ name, change, detectable }) => `${name} ${(change * 100).toFixed(1)} % (of ${(detectable * 100).toFixed(1)})`,
  );
  return `${comparison?.outcome ?? "-"} ${texts.join(", ")}`;
}

void main();
