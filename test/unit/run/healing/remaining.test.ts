import assert from "node:assert/strict";
import { remainingLoad } from "../../../../components/run/healing/remaining";
import type { LoadShape } from "../../../../components/run/script/load-shape";

describe("what remains of a load", () => {
  const stages = [
    { duration: "10s", target: 20 },
    { duration: "1m", target: 20 },
    { duration: "10s", target: 0 },
  ];
  const cases: [string, LoadShape, number, LoadShape | undefined][] = [
    ["all of it at its start", { vus: 4, duration: "30s" }, 0, { vus: 4, duration: "30000ms" }],
    ["a shorter time with the same VUs", { vus: 4, duration: "1m" }, 12.5, { vus: 4, duration: "47500ms" }],
    ["nothing at its end", { vus: 4, duration: "30s" }, 30, undefined],
    [
      "the rest of a ramp, from where it has come",
      { vus: 10, stages },
      5,
      { vus: 15, stages: [{ duration: "5000ms", target: 20 }, ...stages.slice(1)] },
    ],
    ["later stages, from the one before", { stages }, 20, { vus: 20, stages: [{ duration: "50000ms", target: 20 }, stages[2]] }],
    ["the last of a ramp down", { stages }, 75, { vus: 10, stages: [{ duration: "5000ms", target: 0 }] }],
    ["nothing after the last stage", { stages }, 80, undefined],
    ["nothing that can be told of shared iterations", { vus: 2, iterations: 100, duration: "1m" }, 5, undefined],
    ["nothing that can be told where the script says the load", {}, 5, undefined],
  ];
  for (const [what, load, elapsed, rest] of cases) {
    it(`is ${what}`, () => assert.deepEqual(remainingLoad(load, elapsed), rest));
  }
});
