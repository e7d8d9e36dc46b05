import assert from "node:assert/strict";
import { noFigures } from "../../../components/run/judge";
import type { RunnerReport, RunnerTotals, RunState, ThresholdResult } from "../../../components/run/types";
import { decide, type Decision, type StoreEvidence } from "../../../components/run/verdict";

const totals: RunnerTotals = {
  requests: 500,
  failedRequests: 1,
  iterations: 250,
  droppedIterations: 0,
  checksPassed: 250,
  checksFailed: 0,
  dataSent: 1,
  dataReceived: 1,
  durationMs: 20_000,
};
const runner = (index: number, change: Partial<RunnerReport> = {}): RunnerReport => ({
  index,
  pod: `checkout-0a1b2c3d-${index}-x`,
  state: "succeeded",
  exitCode: 0,
  totals,
  ...change,
});
const met: ThresholdResult = { metric: "http_req_duration", expression: "p(95)<500", actual: 212.4, ok: true };

/** A run that passes, with something changed. */
function decided(
  change: { runners?: RunnerReport[]; state?: Partial<RunState>; stored?: object; thresholds?: ThresholdResult[] } = {},
): Decision {
  const state: RunState = {
    stage: "finished",
    runners: change.runners ?? [runner(0), runner(1)],
    causes: [],
    startedAt: "2026-11-24T08:00:00.000Z",
    startSkewMs: 12,
    ...change.state,
  };
  const figures = { ...noFigures, requests: 1000, iterations: 500, ...change.stored };
  return decide(expected, state, { figures, thresholds: change.thresholds ?? [met] });
}
const expected = { run: "checkout-0a1b2c3d", runners: 2, limits: { startSkewMs: 1000, droppedIterationsRatio: 0 } };

describe("the verdict of a run", () => {
  it("is pass where every runner ended well, every sample is stored and every threshold is met", () => {
    const { verdict, reasons } = decided();
    assert.equal(verdict, "pass");
    assert.deepEqual(reasons, ["1 threshold met; 1000 requests and 500 iterations of 2 runners are all in the store."]);
  });

  it("is pass with no threshold, and says that none was set", () => {
    assert.match(decided({ thresholds: [] }).reasons.join(), /^no threshold was set/);
  });

  const missed: ThresholdResult = { ...met, expression: "p(95)<200", ok: false };
  const failures: [string, Parameters<typeof decided>[0], RegExp][] = [
    [
      "a threshold is missed",
      { thresholds: [met, missed] },
      /^threshold http_req_duration: p\(95\)<200 was missed: it is 212\.4\.$/,
    ],
    [
      "a runner's own thresholds are missed",
      { runners: [runner(0), runner(1, { exitCode: 99, state: "failed", reason: "Error" })] },
      /^runner 1 of 2 \(pod checkout-0a1b2c3d-1-x\) ended with exit code 99: the script's own thresholds/,
    ],
    [
      "a runner's own thresholds are missed, in the words of its cause",
      { runners: [runner(0), runner(1, { exitCode: 99, state: "failed", reason: "Error", cause: "runner 1 failed: slow." })] },
      /^runner 1 failed: slow\.$/,
    ],
    [
      "the script aborts the test",
      { runners: [runner(0, { exitCode: 108, state: "failed" }), runner(1)] },
      /^runner 0 of 2 .*exit code 108: .*test\.abort\(\)/,
    ],
    [
      "the script fails the test",
      { runners: [runner(0, { exitCode: 110, state: "failed" }), runner(1)] },
      /^runner 0 of 2 .*exit code 110: .*test\.fail\(\)/,
    ],
  ];
  for (const [when, change, reason] of failures) {
    it(`is fail when ${when}`, () => {
      const { verdict, reasons } = decided(change);
      assert.equal(verdict, "fail");
      assert.equal(reasons.length, 1, reasons.join("\n"));
      assert.match(reasons[0] ?? "", reason);
    });
  }

  const without = { ...runner(1), totals: undefined };
  const half = { requests: 500, iterations: 250 };
  const flaws: [string, Parameters<typeof decided>[0], RegExp][] = [
    ["a runner is missing", { runners: [runner(0)], stored: half }, /^runner 1 of 2 is missing/],
    [
      "a runner is too many",
      { runners: [runner(0), runner(1), runner(2, { totals: { ...totals, requests: 0, iterations: 0 } })] },
      /^runner 2 of 2 .* one too many/,
    ],
    [
      "a runner is lost",
      { runners: [runner(0), { ...without, state: "lost", exitCode: undefined }], stored: half },
      /^runner 1 of 2 .* was lost: its pod is gone/,
    ],
    [
      "a lost runner had told its totals",
      { runners: [runner(0), runner(1, { state: "lost", cause: "runner 1 of 2 was lost: pod x was deleted." })] },
      /^runner 1 of 2 was lost: pod x was deleted\.$/,
    ],
    [
      "a lost runner had missed its own thresholds",
      { runners: [runner(0), runner(1, { state: "lost", exitCode: 99, cause: "runner 1 of 2 was lost." })] },
      /^runner 1 of 2 was lost\.$/,
    ],
    [
      "a runner was killed for memory",
      { runners: [runner(0), { ...without, state: "failed", exitCode: 137, reason: "OOMKilled" }], stored: half },
      /^runner 1 of 2 .* was lost: OOMKilled \(exit code 137: killed/,
    ],
    [
      "a runner was stopped by a signal",
      { runners: [runner(0), runner(1, { state: "failed", exitCode: 105, reason: "Error" })] },
      /^runner 1 of 2 .* exit code 105: stopped by a signal/,
    ],
    [
      "a runner's script threw",
      { runners: [runner(0), { ...without, state: "failed", exitCode: 107 }], stored: half },
      /^runner 1 of 2 .* exit code 107/,
    ],
    [
      "a runner ended with a code k6 does not use",
      { runners: [runner(0), runner(1, { state: "failed", exitCode: 42 })] },
      /^runner 1 of 2 .* exit code 42/,
    ],
    [
      "a runner never ended",
      { runners: [runner(0), { ...without, state: "running", exitCode: undefined }], stored: half },
      /^runner 1 of 2 .* did not end: it was last seen running/,
    ],
    ["a runner left no totals", { runners: [runner(0), without], stored: half }, /^runner 1 of 2 .* left no totals/],
    [
      "a runner ended well with a cause against it",
      { runners: [runner(0), runner(1, { cause: "runner 1 was throttled." })] },
      /^runner 1 was throttled\.$/,
    ],
    [
      "the run has a cause of its own",
      { state: { causes: ["run x: runner 1 was never ready."] } },
      /^run x: runner 1 was never ready\.$/,
    ],
    [
      "the run did not finish",
      { state: { stage: "running" } },
      /^run checkout-0a1b2c3d did not finish: it was last seen running/,
    ],
    ["runners started too far apart", { state: { startSkewMs: 1001 } }, /1001 ms apart, above the limit of 1000 ms/],
    ["it is not known when runners started", { state: { startSkewMs: undefined } }, /start times of its 2 runners are not known/],
    [
      "iterations were dropped",
      { runners: [runner(0), runner(1, { totals: { ...totals, droppedIterations: 10 } })] },
      /10 of 510 iterations \(1\.961 %\) were dropped, above the limit of 0 %/,
    ],
    [
      "requests were lost on the way",
      { stored: { requests: 990 } },
      /^the runners count 1000 requests, the store holds 990: 10 \(1 %\) are missing/,
    ],
    [
      "iterations were lost on the way",
      { stored: { iterations: 499 } },
      /^the runners count 500 iterations, the store holds 499: 1 \(0\.2 %\) are missing/,
    ],
    [
      "the store holds more than was made",
      { stored: { requests: 1001 } },
      /^the runners count 1000 requests, the store holds 1001: 1 \(0\.1 %\) are too many/,
    ],
    [
      "a threshold had nothing to evaluate",
      { thresholds: [met, { metric: "orders", expression: "count>1", ok: false }] },
      /^threshold orders: count>1 had nothing to evaluate/,
    ],
  ];
  for (const [when, change, reason] of flaws) {
    it(`is invalid when ${when}`, () => {
      const { verdict, reasons } = decided(change);
      assert.equal(verdict, "invalid");
      assert.equal(reasons.length, 1, reasons.join("\n"));
      assert.match(reasons[0] ?? "", reason);
    });
  }

  it("is invalid where nothing was tested, though nothing went wrong", () => {
    const idle = runner(0, { totals: { ...totals, requests: 0, iterations: 0 } });
    const { verdict, reasons } = decided({
      runners: [idle, { ...idle, index: 1 }],
      stored: { requests: 0, iterations: 0 },
      thresholds: [],
    });
    assert.equal(verdict, "invalid");
    assert.match(reasons.join(), /0 requests and 0 iterations: nothing was tested/);
  });

  it("is invalid where the store could not be read, with the reason", () => {
    const evidence: StoreEvidence = { problem: "the store could not be read: refused." };
    const state: RunState = {
      stage: "finished",
      runners: [runner(0), runner(1)],
      causes: [],
      startSkewMs: 1,
      startedAt: "2026-11-24T08:00:00Z",
    };
    assert.deepEqual(decide(expected, state, evidence), { verdict: "invalid", reasons: [evidence.problem] });
  });

  it("is invalid where a runner that missed its own thresholds left no totals", () => {
    const { verdict, reasons } = decided({ runners: [runner(0), { ...without, exitCode: 99 }], stored: half });
    assert.equal(verdict, "invalid");
    assert.match(reasons[0] ?? "", /left no totals/);
    assert.match(reasons[1] ?? "", /exit code 99/);
  });

  it("is invalid before it is fail, and tells the reasons of both", () => {
    const { verdict, reasons } = decided({ stored: { requests: 990 }, thresholds: [missed] });
    assert.equal(verdict, "invalid");
    assert.equal(reasons.length, 2);
    assert.match(reasons[1] ?? "", /was missed/);
  });

  it("passes at the limits, not past them", () => {
    const dropping = runner(1, { totals: { ...totals, droppedIterations: 10 } });
    const limits = { startSkewMs: 1000, droppedIterationsRatio: 10 / 510 };
    const state: RunState = {
      stage: "finished",
      runners: [runner(0), dropping],
      causes: [],
      startSkewMs: 1000,
      startedAt: "2026-11-24T08:00:00Z",
    };
    const evidence = { figures: { ...noFigures, requests: 1000, iterations: 500 }, thresholds: [met] };
    assert.equal(decide({ ...expected, limits }, state, evidence).verdict, "pass");
  });

  it("asks no skew of a single runner", () => {
    const state: RunState = { stage: "finished", runners: [runner(0)], causes: [], startedAt: "2026-11-24T08:00:00Z" };
    const evidence = { figures: { ...noFigures, requests: 500, iterations: 250 }, thresholds: [] };
    assert.equal(decide({ ...expected, runners: 1 }, state, evidence).verdict, "pass");
  });
});

describe("the verdict of a run of an archive, whose runners tell no totals", () => {
  const archived = { ...expected, script: { archive: "./archive.tar" } };
  const state: RunState = {
    stage: "finished",
    runners: [runner(0, { totals: undefined }), runner(1, { totals: undefined })],
    causes: [],
    startedAt: "2026-11-24T08:00:00.000Z",
    startSkewMs: 12,
  };
  const judged = (figures: object, thresholds: ThresholdResult[] = [met]) =>
    decide(archived, state, { figures: { ...noFigures, ...figures }, thresholds });

  it("is pass by what is in the store, and says what was not checked", () => {
    const { verdict, reasons } = judged({ requests: 1000, iterations: 500 });
    assert.equal(verdict, "pass");
    assert.equal(reasons[0], "1 threshold met; 1000 requests and 500 iterations of 2 runners are in the store.");
    assert.match(reasons[1], /ran an archive, so its 2 runners told no totals: not checked are samples lost.*dropped iterations/);
  });

  it("is fail by its thresholds, and says what was not checked", () => {
    const { verdict, reasons } = judged({ requests: 1000, iterations: 500 }, [{ ...met, ok: false }]);
    assert.equal(verdict, "fail");
    assert.match(reasons.join("\n"), /was missed(.|\n)*not checked/);
  });

  it("is invalid where the store holds nothing", () => {
    const { verdict, reasons } = judged({});
    assert.equal(verdict, "invalid");
    assert.match(reasons.join(), /the store holds 0 requests and 0 iterations: nothing was tested/);
  });
});
