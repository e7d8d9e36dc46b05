import assert from "node:assert/strict";
import { goesOn } from "../../../components/run/stop";
import { distressSentence, stopCauses } from "../../../components/run/stop-request";
import { placeIn } from "../../../stacks/drive/place";

const pod = (phase: string, job = "shop") => ({ metadata: { labels: { "job-name": job } }, status: { phase } });
const job = (completions: number, conditions: { type: string; status: string }[] = []) => ({
  metadata: { name: "shop" },
  spec: { completions, template: {} },
  status: { conditions },
});
const complete = job(1, [{ type: "Complete", status: "True" }]);

describe("whether a run goes on", () => {
  const cases: [string, boolean, ...Parameters<typeof goesOn>][] = [
    ["a pod runs", true, [pod("Running"), pod("Succeeded")], [job(2)], []],
    ["a pod waits", true, [pod("Pending")], [job(1)], []],
    ["a Job has not made all its pods", true, [pod("Succeeded")], [job(2)], []],
    ["all pods have ended and their Job does not know it yet", false, [pod("Succeeded"), pod("Failed")], [job(2)], []],
    ["the Job failed without all its pods", false, [], [job(2, [{ type: "Failed", status: "True" }])], []],
    ["a TestRun was not looked at yet", true, [], [], [{}]],
    [
      "its initializer has ended and no runner is made yet",
      true,
      [pod("Succeeded")],
      [complete],
      [{ status: { stage: "initialized" } }],
    ],
    ["a TestRun is still in its initialization", true, [pod("Succeeded")], [complete], [{ status: { stage: "initialization" } }]],
    ["the runners of a TestRun have ended", false, [pod("Failed")], [complete], [{ status: { stage: "started" } }]],
    ["a TestRun has ended", false, [], [], [{ status: { stage: "finished" } }]],
    ["nothing is there", false, [], [], []],
  ];
  for (const [what, isGoing, ...given] of cases) {
    it(`${isGoing ? "it does" : "it does not"} where ${what}`, () => assert.equal(goesOn(...given), isGoing));
  }
});

describe("a note that a run was stopped", () => {
  const note = { by: "somebody", at: "2026-01-01T00:00:00.000Z" };
  const runners = (...states: ("succeeded" | "failed")[]) => ({ runners: states.map((state, index) => ({ index, state })) });

  it("is a cause where it took load away", () => {
    const [cause] = stopCauses({ run: "shop-1" }, runners("succeeded", "failed"), note);
    assert.match(cause, /run shop-1 was stopped by somebody at 2026-01-01T00:00:00.000Z, before its end/);
  });

  it("is none where all runners had come to their end, or nobody stopped it", () => {
    assert.deepEqual(stopCauses({ run: "shop-1" }, runners("succeeded", "succeeded"), note), []);
    assert.deepEqual(stopCauses({ run: "shop-1" }, runners("failed"), undefined), []);
  });

  it("tells of a target in distress only where it took load away", () => {
    const distressed = { ...note, distress: "http_req_failed: rate>0.5" };
    assert.match(
      distressSentence({ run: "shop-1" }, runners("succeeded", "failed"), distressed) ?? "",
      /^run shop-1 was stopped at \S+, before its end, as its target was in distress: http_req_failed: rate>0\.5\.$/,
    );
    assert.equal(distressSentence({ run: "shop-1" }, runners("succeeded", "succeeded"), distressed), undefined);
    assert.equal(distressSentence({ run: "shop-1" }, runners("failed"), note), undefined);
  });
});

describe("the place of a stack's runs", () => {
  it("is in its settings, whatever else is in them", () => {
    const config = {
      "pulumi-k6:context": { value: "prod-eu" },
      "pulumi-k6:platform": { value: '{"namespace":"load"}', objectValue: { namespace: "load" } },
      "pulumi-k6:loadTests": { value: "nonsense" },
    };
    assert.deepEqual(placeIn(config), { namespace: "load", context: "prod-eu" });
  });

  it("is the platform's usual namespace where they do not say", () => {
    assert.deepEqual(placeIn({}), { namespace: "load-tests" });
  });
});
