import assert from "node:assert/strict";
import { judge, readingOf } from "../../../components/run/judge";
import { drained } from "../../../components/run/judge-store";
import type { RunState } from "../../../components/run/types";
import { freePort } from "../../support/influxdb";
import { goodRunner, runInputs as inputs } from "../../support/results";

const state: RunState = {
  stage: "finished",
  runners: [goodRunner(0), goodRunner(1)],
  causes: [],
  startedAt: "2026-11-24T08:58:34.000Z",
  finishedAt: "2026-11-24T09:01:35.000Z",
  startSkewMs: 3,
};

describe("judge", () => {
  it("finds a run invalid, and throws nothing, where the store does not answer", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { result, series } = await judge({ ...inputs, store: { ...inputs.store, url } }, state);
    assert.equal(result.verdict, "invalid");
    assert.equal(result.reasons.length, 1);
    assert.ok(
      result.reasons[0]?.includes(`the store ${url} could not be read (bucket k6): connect ECONNREFUSED`),
      result.reasons[0],
    );
    assert.equal(series, undefined);
  });

  it("finds a run invalid where the store has no address", async () => {
    const { result } = await judge(inputs, state);
    assert.match(result.reasons.join(), /neither store\.service nor store\.url is set/);
  });

  it("asks no store about a run that never started, and keeps its causes first", async () => {
    const never = { ...state, startedAt: undefined };
    const { result } = await judge(inputs, { ...never, causes: ["run checkout-3f9a1c2e: runner 1 of 2 was never ready."] });
    assert.equal(result.verdict, "invalid");
    assert.equal(result.reasons[0], "run checkout-3f9a1c2e: runner 1 of 2 was never ready.");
    assert.match(result.reasons.join(), /never started: no load was made/);
    assert.equal(result.startedAt, null);
  });

  it("tells what ran, and no secret", async () => {
    const { result } = await judge(inputs, state);
    assert.deepEqual(result.script, { name: "checkout.js", digest: "3f9a" });
    assert.match(result.versions["pulumi-k6"] ?? "", /^\d+\.\d+\.\d+/);
    assert.ok(!JSON.stringify(result).includes("a-secret-token"));
  });
});

describe("readingOf", () => {
  it("reads from before the first pod's start to after the last one's end", () => {
    const reading = readingOf(inputs, state);
    assert.equal(reading?.scope.start.toISOString(), "2026-11-24T08:58:25.000Z");
    assert.equal(reading?.scope.stop.toISOString(), "2026-11-24T09:02:35.000Z");
    assert.equal(reading?.load.start.toISOString(), state.startedAt);
    assert.equal(reading?.durationSeconds, 180.412);
    assert.deepEqual(reading?.expected, { requests: 27_002, iterations: 13_500 });
  });

  it("takes the time of the load where no runner tells its own", () => {
    const runners = state.runners.map((runner) => ({ ...runner, totals: undefined }));
    assert.equal(readingOf(inputs, { ...state, runners })?.durationSeconds, 181);
  });
});

describe("drained", () => {
  const times = { stepMs: 1, unchangedMs: 30, totalMs: 200 };
  const counting = (values: number[]) => {
    let reads = 0;
    const read = () => Promise.resolve({ requests: values[Math.min(reads++, values.length - 1)] ?? 0, iterations: 0 });
    return { read, reads: () => reads };
  };

  it("waits for samples on their way, and no longer", async () => {
    const { read, reads } = counting([1, 2, 3, 4]);
    assert.equal((await drained(read, { requests: 3, iterations: 0 }, times)).requests, 3);
    assert.equal(reads(), 3);
  });

  it("gives up once nothing moves", async () => {
    const started = Date.now();
    assert.equal((await drained(counting([1, 2]).read, { requests: 9, iterations: 0 }, times)).requests, 2);
    assert.ok(Date.now() - started < times.totalMs);
  });

  it("gives up at its limit though something moves", async () => {
    let requests = 0;
    const read = () => Promise.resolve({ requests: ++requests, iterations: 0 });
    const started = Date.now();
    await drained(read, { requests: -1, iterations: 0 }, times);
    assert.ok(Date.now() - started >= times.totalMs);
  });
});
