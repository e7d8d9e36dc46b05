import assert from "node:assert/strict";
import { Problems } from "../../../../components/errors";
import {
  checkLoad,
  durationSeconds,
  loadArguments,
  requirementsOf,
  type LoadShape,
} from "../../../../components/run/script/load-shape";

describe("a load given beside the script", () => {
  const problemsOf = (load: LoadShape) => {
    const problems = new Problems();
    checkLoad(load, problems);
    return problems.all.map(({ path, reason }) => `${path}: ${reason}`);
  };

  const good: [LoadShape, string[]][] = [
    [{}, []],
    [{ vus: 10, duration: "1m30s" }, ["--vus", "10", "--duration", "1m30s"]],
    [{ vus: 2, iterations: 4 }, ["--vus", "2", "--iterations", "4"]],
    [
      {
        stages: [
          { duration: "10s", target: 5 },
          { duration: "500ms", target: 0 },
        ],
      },
      ["--stage", "10s:5", "--stage", "500ms:0"],
    ],
  ];
  for (const [load, flags] of good) {
    it(`${JSON.stringify(load)} is ${flags.join(" ") || "nothing"}`, () => {
      assert.deepEqual(problemsOf(load), []);
      assert.deepEqual(loadArguments(load), flags);
    });
  }

  const bad: [LoadShape, RegExp][] = [
    [{ vus: 0, duration: "1s" }, /^vus: 0 is not a whole number above 0/],
    [{ vus: 1.5, duration: "1s" }, /^vus: 1\.5/],
    [{ vus: 5 }, /^vus: 5 VUs alone do not say for how long/],
    [{ duration: "30" }, /^duration: "30" is not a duration: write for example 30s/],
    [{ vus: 4, iterations: 2 }, /^iterations: 2 iterations for 4 VUs/],
    [{ stages: [] }, /^stages: is empty/],
    [{ stages: [{ duration: "x", target: -1 }] }, /^stages\[0\]\.duration: "x".*\nstages\[0\]\.target: -1/],
    [{ duration: "1s", stages: [{ duration: "1s", target: 1 }] }, /^duration: does not go with stages/],
    [{ iterations: 1, stages: [{ duration: "1s", target: 1 }] }, /^iterations: does not go with stages/],
  ];
  for (const [load, message] of bad) {
    it(`${JSON.stringify(load)} is refused`, () => assert.match(problemsOf(load).join("\n"), message));
  }

  const durations: [string, number][] = [
    ["33s", 33],
    ["2m10s", 130],
    ["1h0m0.5s", 3600.5],
    ["150ms", 0.15],
    ["0s", 0],
  ];
  for (const [text, seconds] of durations) {
    it(`reads the duration ${text}`, () => assert.equal(durationSeconds(text), seconds));
  }

  it("needs the VUs of its highest stage", () => {
    assert.equal(requirementsOf({ vus: 3, stages: [{ duration: "1s", target: 7 }] }).maxVUs, 7);
  });
});
