import assert from "node:assert/strict";
import type * as interrupt from "../../../components/run/interrupt";
import type { StopRequest } from "../../../components/run/stop-request";

const file = require.resolve("../../../components/run/interrupt");

describe("an interrupt", () => {
  it("also ends what begins after it, while something else is still ending", async () => {
    // Of its own, since it remembers the signal for the rest of the process.
    const before = require.cache[file];
    delete require.cache[file];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded anew
    const { interruptible } = require(file) as typeof interrupt;
    require.cache[file] = before;
    const ended = new Promise<void>((resolve) => process.once("SIGTERM", () => resolve()));
    const reasons = await interruptible(async (first) => {
      // Told to it alone: the process, with the other listener, gets the signal at the end.
      process.listeners("SIGTERM").at(-1)?.("SIGTERM");
      const later = await interruptible((second) => Promise.resolve(second.reason as StopRequest));
      return [first.reason as StopRequest, later];
    });
    await ended;
    assert.deepEqual(
      reasons.map(({ by }) => by),
      ["an interrupt of Pulumi (SIGTERM)", "an interrupt of Pulumi (SIGTERM)"],
    );
  });
});
