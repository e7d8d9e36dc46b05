/**
 * Every fault that a run can have, and what its verdict must be: whatever is wrong with the run itself is `invalid`, whatever is wrong with the
 * target alone is `fail`, and no fault is ever `pass`. A new way for a run to go wrong gets a line here.
 */
import assert from "node:assert/strict";
import type { Comparison } from "../../../components/run/compare/types";
import type { ThresholdResult } from "../../../components/run/threshold-types";
import type { RunnerReport, RunnerTotals, RunState } from "../../../components/run/types";
import { decide, type Expected, type StoreEvidence } from "../../../components/run/verdict";
import { noFigures } from "../../../components/run/judge";
import { accountOf, ledgers } from "../../../components/run/accounting";

/** All that a verdict is made of. */
interface Case {
  expected: Expected;
  state: RunState;
  evidence: Exclude<StoreEvidence, { problem: string }>;
  problem?: string;
  comparison?: Comparison;
}

const totals: RunnerTotals = {
  ...{ requests: 500, failedRequests: 1, iterations: 250, droppedIterations: 0, checksPassed: 240, checksFailed: 10 },
  ...{ dataSent: 1000, dataReceived: 9000, durationMs: 20_000 },
  cpu: { periods: 200, throttledPeriods: 10 },
};
const runner = (index: number): RunnerReport => ({
  index,
  pod: `p-${index}`,
  state: "succeeded",
  exitCode: 0,
  totals: { ...totals },
});
const met: ThresholdResult = { metric: "http_req_duration", expression: "p(95)<500", actual: 212.4, ok: true };

/** A run that passes. */
function good(): Case {
  const runners = [runner(0), runner(1)];
  const accounts = ledgers.map((ledger) =>
    accountOf(ledger, runners, new Map(runners.map(({ index }) => [String(index), ledger.counted(totals)]))),
  );
  return {
    expected: { run: "shop-0a1b2c3d", runners: 2, limits: { startSkewMs: 1000, droppedIterationsRatio: 0 } },
    state: {
      stage: "finished",
      runners,
      causes: [],
      startedAt: "2026-11-24T08:00:00Z",
      finishedAt: "2026-11-24T08:00:20Z",
      startSkewMs: 9,
    },
    evidence: { figures: { ...noFigures, requests: 1000, iterations: 500 }, thresholds: [met], accounts },
  };
}

type Fault = (run: Case) => void;

const ended =
  (change: Partial<RunnerReport>, keepsTotals = true): Fault =>
  (run) => {
    const { totals: own, ...rest } = run.state.runners[1];
    run.state.runners[1] = { ...rest, ...(keepsTotals ? { totals: own } : {}), ...change };
  };
const told =
  (change: Partial<RunnerTotals>): Fault =>
  (run) =>
    Object.assign(run.state.runners[1].totals ?? {}, change);
const stored =
  (metric: string, change: number, of = "sum"): Fault =>
  ({ evidence }) => {
    const account = evidence.accounts?.find((one) => one.metric === metric && one.of === of);
    assert.ok(account, `${metric} is accounted for`);
    account[change < 0 ? "counted" : "stored"] += Math.abs(change);
  };
const threshold =
  (result: Partial<ThresholdResult>): Fault =>
  ({ evidence }) => {
    evidence.thresholds.push({ metric: "orders", expression: "count>1", ok: false, ...result });
  };
const idle: Fault = ({ state, evidence }) => {
  const zero = Object.fromEntries(Object.entries(totals).map(([key, value]) => [key, typeof value === "number" ? 0 : value]));
  state.runners.forEach((one) => (one.totals = { ...totals, ...zero }));
  evidence.accounts?.forEach((account) => Object.assign(account, { counted: 0, stored: 0 }));
  Object.assign(evidence.figures, { requests: 0, iterations: 0 });
  evidence.thresholds = [];
};
const compared =
  (outcome: Comparison["outcome"], baseline = "base.json"): Fault =>
  (run) => {
    run.expected = { ...run.expected, compare: { baseline, gate: true } };
    run.comparison = { outcome, reason: "as said.", caveats: [], baselines: [], figures: [] };
  };
const windows = { seconds: 5, needed: 0.9, met: 2, of: 4, empty: 1, worst: 812 };
const own = { metric: "http_reqs", expression: "count>800", type: "counter" } as const;

/** What is wrong with the run itself. */
const generatorFaults: Record<string, [Fault, RegExp]> = {
  "a runner had more thresholds than it could tell, all of them met": [
    ({ state }) => void Object.assign(state.runners[0].totals ?? {}, { thresholds: [], thresholdsLeftOut: 3 }),
    /runner 0 of 2.* left out 3 of its script's thresholds, .* Give them to the load test/,
  ],
  // Lost runners.
  "a runner has no pod": [({ state }) => void state.runners.pop(), /runner 1 of 2 is missing/],
  "a runner was never seen to end": [ended({ state: "running", exitCode: undefined }, false), /did not end/],
  "a runner's pod was deleted": [ended({ state: "lost", cause: "runner 1 of 2 was lost: pod p-1 was deleted." }), /was lost/],
  "a runner's pod was deleted after it had missed its thresholds": [ended({ state: "lost", exitCode: 99 }), /was lost/],
  "a runner was killed for memory": [ended({ state: "failed", exitCode: 137, reason: "OOMKilled" }, false), /OOMKilled/],
  "a runner was evicted": [ended({ state: "failed", exitCode: 137, reason: "Evicted" }, false), /Evicted/],
  "a runner came to its deadline": [
    ended({ state: "failed", exitCode: 137, reason: "DeadlineExceeded" }, false),
    /DeadlineExceeded/,
  ],
  "a runner is one too many": [
    ({ state }) => void state.runners.push({ ...runner(2), totals: { ...totals, requests: 0 } }),
    /one too many/,
  ],
  "a runner told no totals": [ended({}, false), /left no totals/],
  // k6's exit codes that say nothing of the target.
  ...Object.fromEntries(
    [100, 101, 102, 103, 104, 105, 106, 107, 109, 137, 139, 143, 255, 1, 42].map((exitCode): [string, [Fault, RegExp]] => [
      `a runner ended with exit code ${exitCode}`,
      [ended({ state: "failed", exitCode, reason: "Error" }), new RegExp(`exit code ${exitCode}`)],
    ]),
  ),
  // Lost samples.
  ...Object.fromEntries(
    ledgers.map(({ metric, of, noun }): [string, [Fault, RegExp]] => [
      `${noun} are missing in the store`,
      [stored(metric, -1, of), new RegExp(`${noun}, the store holds \\d+: 1.* missing`)],
    ]),
  ),
  "the store holds more than was made": [stored("http_reqs", 1), /are too many/],
  "the gateway threw samples of other metrics away": [
    ({ evidence }) => (evidence.gateway = { dropped: 3, rejected: 0, buffered: 0, restarted: false }),
    /threw 3 points away/,
  ],
  "the store refused the gateway's samples": [
    ({ evidence }) => (evidence.gateway = { dropped: 0, rejected: 5, buffered: 0, restarted: false }),
    /5 points refused/,
  ],
  "the gateway was killed with samples in it": [
    (run) => {
      stored("http_reqs", -20)(run);
      run.evidence.gateway = { dropped: 0, rejected: 0, buffered: 0, restarted: true };
    },
    /20 .*missing.*gateway was started anew/,
  ],
  "the store cannot be read": [
    (run) => (run.problem = "the store load/influxdb:8086 could not be read: refused."),
    /could not be read/,
  ],
  // The start and the load.
  "runners started too far apart": [({ state }) => (state.startSkewMs = 1001), /1001 ms apart/],
  "nobody knows when runners started": [({ state }) => delete state.startSkewMs, /start times .* not known/],
  "the run has a cause against it": [({ state }) => state.causes.push("run x: runner 1 was never ready."), /never ready/],
  "the run did not finish": [({ state }) => (state.stage = "running"), /did not finish/],
  "iterations were dropped": [
    (run) => {
      told({ droppedIterations: 1 })(run);
      stored("dropped_iterations", 0)(run);
    },
    /1 of 501 iterations .* were dropped/,
  ],
  "nothing was done": [idle, /0 requests and 0 iterations: nothing was tested/],
  "a runner was throttled": [
    told({ cpu: { periods: 200, throttledPeriods: 51 } }),
    /runner 1 of 2 \(pod p-1\) was throttled in 51 of 200 CPU periods of its load \(25\.5 %\), above the limit of 25 % .*Raise resources\.cpu/,
  ],
  // Thresholds without anything to evaluate.
  "a threshold's metric never came": [threshold({}), /threshold orders: count>1 had nothing to evaluate/],
  "a threshold in windows had no sample": [
    threshold({ windows: { ...windows, met: 0, empty: 4, worst: null } }),
    /nothing to evaluate/,
  ],
  "a threshold's windows are longer than the run": [threshold({ problem: "the load did not last" }), /did not last/],
  "the script's threshold had no sample": [
    threshold({ source: "script", runners: { met: [0, 1], missed: [] } }),
    /script's threshold .*nothing/,
  ],
  "a query gave nothing": [threshold({ source: "query", problem: "its Flux gives no row" }), /query orders: .*gives no row/],
  // Comparison.
  "a baseline that must not be missed cannot be compared with": [compared("not comparable"), /not comparable: as said/],
};

const distress = "the target was in distress, and the run stopped for it";

/** What is wrong with the target alone. */
const targetFaults: Record<string, [Fault, RegExp]> = {
  "a threshold is missed": [threshold({ actual: 0 }), /threshold orders: count>1 was missed: it is 0\./],
  "a threshold is missed in too many windows": [
    threshold({ actual: 0.5, windows }),
    /2 of 4 windows \(50 %\) met it, 1 of them without a sample; the worst has 812/,
  ],
  "a threshold of the script is missed over all runners": [
    threshold({ ...own, source: "script", actual: 700, runners: { met: [], missed: [0, 1] } }),
    /script's threshold http_reqs: count>800 was missed: it is 700/,
  ],
  "a threshold of the script is missed over all runners, though each met it": [
    threshold({ ...own, expression: "count<800", source: "script", actual: 1000, runners: { met: [0, 1], missed: [] } }),
    /count<800 was missed/,
  ],
  "a query's figure is missed": [
    threshold({ source: "query", metric: "cpu", expression: "value<80", actual: 93 }),
    /query cpu: value<80 was missed/,
  ],
  "a runner missed its own thresholds and did not say which": [
    ended({ state: "failed", exitCode: 99, reason: "Error" }),
    /exit code 99/,
  ],
  "a runner missed a threshold of its own that was not evaluated over all": [
    (run) => {
      ended({ state: "failed", exitCode: 99 })(run);
      told({ thresholds: [{ ...own, metric: "http_reqs{url:x}", ok: false }] })(run);
      threshold({ ...own, metric: "http_reqs{url:x}", source: "script", onlyRunners: true })(run);
    },
    /exit code 99/,
  ],
  "a runner was ended early by a threshold with abortOnFail that all together met": [
    (run) => {
      ended({ state: "failed", exitCode: 99 })(run);
      told({ thresholds: [{ ...own, ok: false, aborts: true }] })(run);
      threshold({ ...own, source: "script", actual: 1000, ok: true })(run);
    },
    /exit code 99/,
  ],
  "a runner told more missed thresholds than fit": [
    (run) => {
      ended({ state: "failed", exitCode: 99 })(run);
      told({ thresholds: [{ ...own, ok: false }], thresholdsLeftOut: 1 })(run);
      threshold({ ...own, source: "script", actual: 1000, ok: true })(run);
    },
    /exit code 99/,
  ],
  "the script called test.abort()": [ended({ state: "failed", exitCode: 108 }), /test\.abort\(\)/],
  "the script called test.fail()": [ended({ state: "failed", exitCode: 110 }), /test\.fail\(\)/],
  [distress]: [
    ({ state }) => {
      state.aborted = "run shop-0a1b2c3d was stopped after 30 s: http_req_failed: rate<0.5 was missed.";
      state.runners.forEach((one) => Object.assign(one, { state: "failed", exitCode: 103, cause: "it was stopped." }));
    },
    /was stopped after 30 s: http_req_failed/,
  ],
  "the target is slower than a baseline that is a gate": [compared("regression"), /regression: as said/],
};

/** What a stop for distress brings along, and so is no fault beside it. */
const ofTheStop = [
  ...["a runner ended with exit code 103", "a runner ended with exit code 105", "iterations were dropped"],
  ...["a threshold's metric never came", "a threshold in windows had no sample", "a threshold's windows are longer than the run"],
  ...["the script's threshold had no sample", "a query gave nothing"],
  "a runner had more thresholds than it could tell, all of them met",
];
const isOfTheStop = (fault: string, other: string) => other === distress && ofTheStop.includes(fault);

const verdictOf = (...faults: Fault[]) => {
  const run = good();
  faults.forEach((fault) => fault(run));
  const { expected, state, evidence, problem, comparison } = run;
  return decide(expected, state, problem === undefined ? evidence : { problem }, comparison);
};

describe("the table of faults", () => {
  it("begins with a run that passes", () => assert.deepEqual(verdictOf().verdict, "pass", verdictOf().reasons.join("\n")));

  for (const [name, [fault, reason]] of Object.entries(generatorFaults)) {
    it(`is invalid: ${name}`, () => {
      const { verdict, reasons } = verdictOf(fault);
      assert.equal(verdict, "invalid", reasons.join("\n"));
      assert.match(reasons.join("\n"), reason);
    });
  }

  for (const [what, cpu, limit] of [
    ["held up in a quarter of the periods", { periods: 200, throttledPeriods: 50 }, undefined],
    ["held up in all of the few periods that a short load has", { periods: 19, throttledPeriods: 19 }, undefined],
    ["held up in no more than limits.throttledPeriodsRatio", { periods: 200, throttledPeriods: 150 }, 0.75],
  ] as const) {
    it(`is pass, without a word on it, where a runner was ${what}`, () => {
      const { verdict, reasons } = verdictOf(told({ cpu }), ({ expected }) => {
        expected.limits = { ...expected.limits, ...(limit === undefined ? {} : { throttledPeriodsRatio: limit }) };
      });
      assert.equal(verdict, "pass", reasons.join("\n"));
      assert.doesNotMatch(reasons.join("\n"), /throttled/);
    });
  }

  for (const [name, [fault, reason]] of Object.entries(targetFaults)) {
    it(`is fail: ${name}`, () => {
      const { verdict, reasons } = verdictOf(fault);
      assert.equal(verdict, "fail", reasons.join("\n"));
      assert.match(reasons.join("\n"), reason);
    });
  }

  it("is invalid for every fault of the run together with every fault of the target", () => {
    const believed = Object.entries(generatorFaults).flatMap(([name, [fault]]) =>
      Object.entries(targetFaults)
        .filter(([other, [first]]) => !isOfTheStop(name, other) && verdictOf(first, fault).verdict !== "invalid")
        .map(([other]) => `${name} + ${other}`),
    );
    assert.deepEqual(believed, []);
  });

  it("is fail where a run was stopped for distress, with what the stop brings along", () => {
    const [stop] = targetFaults[distress];
    const verdicts = ofTheStop.map((name) => verdictOf(stop, generatorFaults[name][0]).verdict);
    assert.deepEqual([...new Set(verdicts)], ["fail"]);
  });

  it("never passes with two faults of the target", () => {
    const faults = Object.values(targetFaults).map(([fault]) => fault);
    const verdicts = faults.flatMap((one) => faults.map((other) => verdictOf(one, other).verdict));
    assert.deepEqual([...new Set(verdicts)], ["fail"]);
  });
});
