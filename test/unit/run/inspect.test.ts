import assert from "node:assert/strict";
import { goDurationSeconds, parseInspection } from "../../../components/run/inspect";

describe("an inspection", () => {
  const durations: [string, number][] = [
    ["33s", 33],
    ["2m10s", 130],
    ["1h0m0.5s", 3600.5],
    ["150ms", 0.15],
    ["0s", 0],
  ];
  for (const [text, seconds] of durations) {
    it(`reads the duration ${text}`, () => assert.equal(goDurationSeconds(text), seconds));
  }

  it("takes what k6 prints", () => {
    assert.deepEqual(parseInspection('{"vus":null,"totalDuration":"2m10s","maxVUs":180}'), {
      maxVUs: 180,
      totalDurationSeconds: 130,
    });
  });
});
