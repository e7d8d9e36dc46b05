import assert from "node:assert/strict";
import { Problems } from "../../../components/errors";
import { abortThresholds, checkAbortRule, completeRule, Distress, type AbortRule } from "../../../components/run/abort";
import { watchDistress } from "../../../components/run/abort-watch";

const rule: AbortRule = { thresholds: { http_req_failed: ["rate<0.5"], http_req_duration: ["p(95)<2000"] }, windows: 2 };
const distress = () => new Distress(completeRule(rule), abortThresholds(completeRule(rule)));

describe("distress of a target", () => {
  it("is a threshold missed in enough windows in a row", () => {
    const seen = distress();
    assert.equal(seen.next([0.9, 100]), undefined);
    assert.equal(seen.next([0.75, 100]), "http_req_failed: rate<0.5 was missed in 2 windows of 10 s in a row (0.9, 0.75)");
  });
  it("is over with a window that meets it", () => {
    const seen = distress();
    assert.deepEqual([seen.next([0.9, 1]), seen.next([0.1, 1]), seen.next([0.9, 1])], [undefined, undefined, undefined]);
  });
  it("is not two thresholds missed once each", () => {
    const seen = distress();
    assert.deepEqual([seen.next([0.9, 100]), seen.next([0.1, 5000])], [undefined, undefined]);
  });
  it("is neither shown nor ended by a window without samples", () => {
    const seen = distress();
    assert.deepEqual(
      [seen.next([0.9, null]), seen.next([null, null]), seen.next([null, null])],
      [undefined, undefined, undefined],
    );
    assert.match(seen.next([0.8, null]) ?? "", /\(0\.9, 0\.8\)/);
  });
});

describe("a rule to abort by", () => {
  const problemsOf = (change: Partial<AbortRule>) => {
    const problems = new Problems();
    checkAbortRule({ ...rule, ...change }, "abortWhen", problems);
    return problems.all.map(({ path, reason }) => `${path}: ${reason}`).join("\n");
  };
  it("is taken as it is", () => assert.equal(problemsOf({}), ""));
  const refused: [string, Partial<AbortRule>, RegExp][] = [
    ["no threshold", { thresholds: {} }, /^abortWhen\.thresholds: is empty/],
    ["a broken one", { thresholds: { http_reqs: ["x"] } }, /^abortWhen\.thresholds\.http_reqs\[0\]: "x" compares nothing/],
    ["windows of its own", { thresholds: { http_reqs: ["rate>1 over 5s"] } }, /has a threshold with windows of its own/],
    ["half a second", { windowSeconds: 0.5 }, /^abortWhen\.windowSeconds: 0\.5 is not a whole number above 0/],
    ["no window", { windows: 0 }, /^abortWhen\.windows: 0 is not a whole number/],
  ];
  for (const [what, change, reason] of refused) {
    it(`refuses ${what}`, () => assert.match(problemsOf(change), reason));
  }
});

describe("the watch over a target", () => {
  const watched = (read: Parameters<typeof watchDistress>[0]["read"], signal = new AbortController().signal, ageMs = 60_000) =>
    watchDistress({ rule: completeRule(rule), startedAt: new Date(Date.now() - ageMs), read, lagMs: 0, signal });

  it("looks at one window after the other, from the start of the load on", async () => {
    const seen: number[] = [];
    const startedAt = Date.now() - 60_000;
    const reason = await watched((_, start, stop) => {
      seen.push(Math.round((start.getTime() - startedAt) / 1000), (stop.getTime() - start.getTime()) / 1000);
      return Promise.resolve(seen.length > 2 ? [0.9, 1] : [0.1, 1]);
    });
    assert.match(reason ?? "", /http_req_failed/);
    assert.deepEqual(seen, [0, 10, 10, 10, 20, 10]);
  });
  it("stops no run because the store cannot be read", async () => {
    let reads = 0;
    const ended = new AbortController();
    const reason = await watched(() => {
      reads++;
      if (reads === 4) {
        ended.abort();
      }
      return Promise.reject(new Error("away"));
    }, ended.signal);
    assert.equal(reason, undefined);
    assert.ok(reads >= 4);
  });
  it("ends with the run", async () => {
    const ended = new AbortController();
    setTimeout(() => ended.abort(), 20);
    assert.equal(await watched(() => Promise.resolve([0.9, 1]), ended.signal, 0), undefined);
  });
});
