import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { pooled } from "../../lab/causes/pool";

describe("work in a pool", () => {
  it("is begun in order, as much at a time as allowed, and gives what came of each", async () => {
    const begun: number[] = [];
    let now = 0;
    let most = 0;
    const work = async (item: number) => {
      begun.push(item);
      most = Math.max(most, ++now);
      await sleep(item === 1 ? 20 : 5);
      now--;
      return item * 10;
    };
    const results = pooled([1, 2, 3, 4, 5], 2, work);
    assert.deepEqual(await Promise.all(results.values()), [10, 20, 30, 40, 50]);
    assert.deepEqual(begun, [1, 2, 3, 4, 5]);
    assert.equal(most, 2);
  });

  it("goes on after one that fails", async () => {
    const results = pooled([1, 2], 1, (item) => (item === 1 ? Promise.reject(new Error("no")) : Promise.resolve(item)));
    await assert.rejects(results.get(1)!, /no/);
    assert.equal(await results.get(2), 2);
  });
});
