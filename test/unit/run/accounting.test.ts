import assert from "node:assert/strict";
import { accountOf, examineAccounts, ledgers, type GatewayCounters } from "../../../components/run/accounting";
import { goodRunner } from "../../support/results";

const [requests] = ledgers;
const runners = [goodRunner(0), goodRunner(1)];
const account = (stored: [string, number][]) => accountOf(requests, runners, new Map(stored));
const gateway: GatewayCounters = { dropped: 0, rejected: 0, buffered: 0, restarted: false };

describe("an account", () => {
  it("names the runners whose parts differ", () => {
    assert.deepEqual(
      account([
        ["0", 13_501],
        ["1", 13_491],
      ]),
      {
        ...{ metric: "http_reqs", of: "sum", counted: 27_002, stored: 26_992 },
        byRunner: [{ index: 1, counted: 13_501, stored: 13_491 }],
      },
    );
  });
  it("compares all together where the store does not know runners apart", () =>
    assert.deepEqual(account([["", 27_000]]).byRunner, []));
  it("counts what is stored of a runner that nobody knows", () =>
    assert.equal(
      account([
        ["0", 13_501],
        ["1", 13_501],
        ["7", 5],
      ]).stored,
      27_007,
    ));
});

describe("examining accounts", () => {
  const short = account([
    ["0", 13_501],
    ["1", 13_491],
  ]);
  const full = account([
    ["0", 13_501],
    ["1", 13_501],
  ]);

  it("finds nothing where all is there", () => assert.deepEqual(examineAccounts([full], gateway, 0), { flaws: [], notes: [] }));
  it("says what is missing, of whom, and where to look", () => {
    const { flaws } = examineAccounts([short, { ...short, metric: "iterations" }], undefined, 0);
    assert.deepEqual(flaws, [
      "the runners count 27002 requests, the store holds 26992: 10 (0.03703 %) are missing, 10 of runner 1; so are 10 of 27002 iterations, " +
        `so figures and thresholds cannot be believed. Look for "Couldn't write stats" in the runners' logs and at the store's health.`,
    ]);
  });
  const places: [string, Partial<GatewayCounters>, RegExp][] = [
    ["a gateway that lost nothing", {}, /The gateway lost none, so it was on the way to it\./],
    ["a full buffer", { dropped: 7 }, /Between gateway and store: the gateway threw 7 points away, as its buffer was full\.$/],
    ["a store that refuses", { rejected: 1 }, /the gateway had 1 point refused by the store\.$/],
    ["a store that is away", { buffered: 12 }, /the gateway still holds 12 points\.$/],
    [
      "a gateway that was killed",
      { restarted: true, dropped: 2 },
      /threw 2 points away.*; it was started anew, and what it held then may be lost\.$/,
    ],
  ];
  for (const [what, counters, place] of places) {
    it(`lays a loss to ${what}`, () =>
      assert.match(examineAccounts([short], { ...gateway, ...counters }, 0).flaws.join(), place));
  }
  it("minds what a gateway lost of metrics that nobody counts", () =>
    assert.match(
      examineAccounts([full], { ...gateway, dropped: 3 }, 0).flaws.join(),
      /threw 3 points away.*other samples of the same time may be lost/,
    ));
  it("tolerates a loss within the limit, and says so", () => {
    const { flaws, notes } = examineAccounts([short], undefined, 0.001);
    assert.deepEqual(flaws, []);
    assert.match(
      notes.join(),
      /10 \(0\.03703 %\) are missing, 10 of runner 1, within the limit of 0\.1 % \(limits\.lostSamplesRatio\)/,
    );
  });
  it("tolerates no loss past the limit", () => assert.equal(examineAccounts([short], undefined, 0.0001).flaws.length, 1));
  it("tolerates no surplus", () =>
    assert.match(examineAccounts([account([["", 27_003]])], undefined, 0.5).flaws.join(), /1 \(0\.003703 %\) are too many/));
});
