import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { thresholdProblems } from "../../../components/run/thresholds";
import type { ThresholdMap } from "../../../components/run/types";
import { executable } from "../../support/executables";
import { acceptedExpressions, acceptedKeys, refusedExpressions, refusedKeys } from "../../support/threshold-cases";

// Own metrics that are not defined are refused too, so the script defines them.
const script = `
import { Trend } from "k6/metrics";
new Trend("my_trend");
export const options = { iterations: 1, thresholds: JSON.parse(__ENV.THRESHOLDS) };
export default function () {}`;

describe("thresholds, asked of the real k6", function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "thresholds-"));
    file = path.join(folder, "script.js");
    await writeFile(file, script);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** k6's exit code: 104 where it refuses the thresholds, 0 or 99 where it evaluates them. */
  const k6 = async (thresholds: ThresholdMap) => {
    const args = ["run", "--quiet", "--address", "", "--no-usage-report", "--no-summary", file];
    const { exitCode } = await execa(executable("k6"), args, { env: { THRESHOLDS: JSON.stringify(thresholds) }, reject: false });
    return exitCode;
  };

  it("are accepted by both where we accept them", async () => {
    const byKey = Object.fromEntries(acceptedKeys.map(([key]) => [key, ["p(95)<500"]]));
    const map = { ...byKey, my_trend: acceptedExpressions.map(([expression]) => expression) };
    assert.deepEqual(thresholdProblems(map, "thresholds"), []);
    assert.ok([0, 99].includes((await k6(map)) ?? NaN));
  });

  const refused: ThresholdMap[] = [
    ...refusedExpressions.map(([expression, metric]) => ({ [metric]: [expression] })),
    ...refusedKeys.map(([key]) => ({ [key]: ["p(95)<500"] })),
  ];
  for (const map of refused) {
    it(`are refused by both: ${JSON.stringify(map)}`, async () => {
      assert.equal(thresholdProblems(map, "thresholds").length, 1);
      assert.equal(await k6(map), 104);
    });
  }
});
