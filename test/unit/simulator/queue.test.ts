import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffSeconds, type Outcome, WorkQueue } from "../../simulator/queue";

describe("WorkQueue", () => {
  it("works on one key at a time, so that one that blocks holds up the others", async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    const queue = new WorkQueue(async (key): Promise<Outcome> => {
      await (key === "a" ? blocked : undefined);
      done.push(key);
      return "done";
    });
    queue.add("a");
    queue.add("b");
    await sleep(20);
    assert.deepEqual(done, []);
    release();
    await sleep(20);
    assert.deepEqual(done, ["a", "b"]);
    await queue.stop();
  });

  it("works once on a key that is added several times while it waits, and again on one added meanwhile", async () => {
    const done: string[] = [];
    const queue = new WorkQueue((key): Promise<Outcome> => {
      done.push(key);
      if (done.length === 1) {
        ["b", "a", "b"].forEach((other) => queue.add(other));
      }
      return Promise.resolve("done");
    });
    queue.add("a");
    await sleep(20);
    assert.deepEqual(done, ["a", "b", "a"]);
    await queue.stop();
  });

  it("comes back to a key that failed, and after the time that was asked for", async () => {
    const at: number[] = [];
    let third = (): void => undefined;
    const cameBackTwice = new Promise<void>((resolve) => (third = resolve));
    const outcomes: (() => Promise<Outcome>)[] = [
      () => Promise.reject(new Error("conflict")),
      () => Promise.resolve({ afterSeconds: 0.05 }),
      () => Promise.resolve("done"),
    ];
    const queue = new WorkQueue((): Promise<Outcome> => {
      at.push(performance.now());
      if (at.length === 3) {
        third();
      }
      return outcomes[at.length - 1]();
    });
    queue.add("a");
    await cameBackTwice;
    await queue.stop();
    assert.ok(at[2] - at[1] >= 49, `${at[2] - at[1]} ms`);
  });

  it("does nothing more once stopped", async () => {
    let times = 0;
    const queue = new WorkQueue((): Promise<Outcome> => Promise.resolve((times += 1) > 0 ? "again" : "done"));
    queue.add("a");
    await sleep(1);
    await queue.stop();
    const before = times;
    queue.add("a");
    await sleep(30);
    assert.ok(before > 0);
    assert.equal(times, before);
  });
});

describe("backoffSeconds", () => {
  it("doubles from 5 ms and stays below 17 minutes", () =>
    assert.deepEqual([1, 2, 14, 15, 40].map(backoffSeconds), [0.005, 0.01, 40.96, 81.92, 1000]));
});
