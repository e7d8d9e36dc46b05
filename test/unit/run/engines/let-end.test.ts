import assert from "node:assert/strict";
import { inBatches } from "../../../../components/run/engines/let-end";

describe("asking many runners to end", () => {
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

  it("asks each, and lets one that hangs have no more than 5 s", async () => {
    const asked: [number, number][] = [];
    await inBatches([0, 1, 2], Date.now() + 60_000, (index, ms) => Promise.resolve(void asked.push([index, ms])));
    assert.deepEqual(asked, [
      [0, 5000],
      [1, 5000],
      [2, 5000],
    ]);
  });

  it("asks nobody when the time is over, nor for longer than is left", async () => {
    const asked: number[] = [];
    const all = Array.from({ length: 200 }, (_, index) => index);
    await inBatches(all, Date.now() + 100, async (_index, ms) => {
      asked.push(ms);
      await pause(ms);
    });
    assert.ok(asked.length >= 50 && asked.length < 200, `${asked.length} were asked`);
    assert.ok(asked.every((ms) => ms <= 100));
  });
});
