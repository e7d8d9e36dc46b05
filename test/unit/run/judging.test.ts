import assert from "node:assert/strict";
import { planDigest } from "../../../components/run/plan";
import { loadTestProblems } from "../../../components/run/settings";
import type { RunInputs } from "../../../components/run/types";
import { runInputs } from "../../support/run-inputs";

const script = { inline: "export default function () {}" };
const problemsOf = (args: object) => loadTestProblems("shop", { script, ...args }).map(({ path }) => path);

describe("how a load test is to be judged", () => {
  it("is taken where all of it can be", () => {
    const judging = {
      thresholds: { http_req_duration: ["p(95)<500 over 30s for 90%"], orders: ["rate>0.5/s"] },
      queries: { cpu: { flux: "from(bucket: run.bucket)", threshold: "value<80" } },
      abortWhen: { thresholds: { http_req_failed: ["rate<0.5"] } },
      compare: { lastRuns: 3 },
      limits: { lostSamplesRatio: 0.01, throttledPeriodsRatio: 0.5 },
    };
    assert.deepEqual(problemsOf(judging), []);
  });

  it("is refused with every problem at its own path", () => {
    const judging = {
      thresholds: { http_req_duration: ["p(95)<500 over 30"] },
      queries: { cpu: { flux: "", threshold: "p(95)<1" } },
      abortWhen: { thresholds: {}, windows: 0 },
      compare: { baseline: "x", lastRuns: 3 },
      limits: { lostSamplesRatio: 2, throttledPeriodsRatio: -0.1 },
    };
    assert.deepEqual(problemsOf(judging).sort(), [
      "abortWhen.thresholds",
      "abortWhen.windows",
      "compare",
      "limits.lostSamplesRatio",
      "limits.throttledPeriodsRatio",
      "queries.cpu.flux",
      "queries.cpu.threshold",
      "thresholds.http_req_duration[0]",
    ]);
  });

  const changes: Partial<RunInputs>[] = [
    { queries: { cpu: { flux: "x", threshold: "value<80" } } },
    { abortWhen: { thresholds: { http_reqs: ["rate>1"] } } },
    { compare: { lastRuns: 3 } },
    { limits: { ...runInputs().limits, lostSamplesRatio: 0.1 } },
  ];
  for (const change of changes) {
    it(`makes another run where ${Object.keys(change).join()} changes`, () =>
      assert.notEqual(planDigest(runInputs(change)), planDigest(runInputs())));
  }
});
