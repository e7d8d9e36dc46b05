import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { StoreMode } from "../../components/run/types";
import type { GivenSettings } from "./support/settings";
import { freshLoadTest, sharedStack } from "./support/shared";
import type { LabStack } from "./support/stack";

/** How often each is measured; `REPEAT=5` is for the numbers in docs/metrics.md. */
const repetitions = Number(process.env.REPEAT ?? 1);

/** From the last sample to the verdict, seconds. */
const longestSeconds = 10;

describe("the verdict of a run in the lab", function () {
  this.timeout(60_000 + repetitions * 60_000);
  let stack: LabStack;
  let platform: GivenSettings["platform"];

  before(async () => {
    stack = await sharedStack();
    ({ platform } = stack.settings);
    const { exitCode, output } = await stack.up({});
    assert.equal(exitCode, 0, output);
  });
  after(() => (stack.settings.platform = platform));

  for (const mode of ["raw", "aggregated"] satisfies StoreMode[]) {
    it(`is there within ${longestSeconds} s of the last sample with a gateway in mode ${mode}`, async () => {
      stack.settings.platform = { ...platform, gateway: { ...platform?.gateway, mode } };
      for (let i = 0; i < repetitions; i++) {
        const { exitCode, output } = await stack.up({ shop: await freshLoadTest(stack) });
        assert.equal(exitCode, 0, output);
        const { run, verdict, startedAt, runners, accounts = [], reasons } = await stack.run();
        assert.equal(verdict, "pass", reasons.join("\n"));
        assert.ok(accounts.length > 0 && accounts.every(({ counted, stored }) => counted === stored));
        const lastSample = Date.parse(startedAt ?? "") + Math.max(...runners.map(({ totals }) => totals?.durationMs ?? NaN));
        // Written with the verdict, on the same machine's clock.
        const { mtimeMs } = await stat(path.join(stack.folder, "reports", `${run}.json`));
        const seconds = (mtimeMs - lastSample) / 1000;
        console.log(`      ${seconds.toFixed(1)} s`);
        assert.ok(seconds > 0 && seconds <= longestSeconds, `${seconds} s`);
      }
    });
  }
});
