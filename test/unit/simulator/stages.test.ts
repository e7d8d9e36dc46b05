import assert from "node:assert/strict";
import type * as k8s from "@kubernetes/client-node";
import { initialConditions, mayFollow, running, secondsSince, withCondition } from "../../simulator/conditions";
import { allEnded, allRunning, hasEnded, inspectProblem } from "../../simulator/decisions";

const pods = (...phases: string[]): k8s.V1Pod[] => phases.map((phase) => ({ status: { phase } }));
const jobs = (...active: (number | undefined)[]): k8s.V1Job[] => active.map((count) => ({ status: { active: count } }));

describe("a TestRun's stage", () => {
  it("waits for exactly as many running runners as were asked for", () => {
    assert.equal(allRunning(pods("Running", "Running"), 2), true);
    assert.equal(allRunning(pods("Running", "Failed"), 2), false);
    assert.equal(allRunning(pods("Running", "Running", "Running"), 2), false);
  });

  it("ends when as many Jobs have no pod at work, however they ended", () => {
    assert.equal(allEnded(jobs(undefined, 0), 2), true);
    assert.equal(allEnded(jobs(1, 0), 2), false);
  });

  it("stays `started` for ever when a runner's Job was deleted", () => assert.equal(allEnded(jobs(0), 2), false));

  it("waits for an initializer whose pod was never made", () => assert.equal(hasEnded(undefined), false));

  it("refuses fewer VUs than runners, and output that is not JSON", () => {
    assert.equal(inspectProblem('{"maxVUs":2}', 2), undefined);
    assert.match(inspectProblem('{"maxVUs":1}', 2) ?? "", /number of instances > number of VUs/);
    assert.match(inspectProblem('hello\n{"maxVUs":2}', 2) ?? "", /unable to marshal/);
  });

  it("never goes back, and never leaves its end", () => {
    assert.equal(mayFollow("", "initialized"), true);
    assert.equal(mayFollow("created", "error"), true);
    assert.equal(mayFollow("started", "created"), false);
    assert.equal(mayFollow("finished", "error"), false);
    assert.equal(mayFollow("error", "finished"), false);
  });
});

describe("a TestRun's conditions", () => {
  const start = new Date("2026-01-01T00:00:00.900Z");
  const later = new Date("2026-01-01T00:00:40Z");

  it("begin with a run in preparation, and no message anywhere", () => {
    const [cloud, run] = initialConditions(start);
    assert.deepEqual([cloud.type, cloud.status, cloud.reason], ["CloudTestRun", "Unknown", "TestRunTypeUnknown"]);
    assert.deepEqual([run.type, run.status, run.reason, run.message], ["TestRunRunning", "Unknown", "TestRunPreparation", ""]);
  });

  it("forget when the run started once it has ended", () => {
    const started = withCondition(initialConditions(start), running, "True", start);
    const ended = withCondition(started, running, "False", later).filter(({ type }) => type === running);
    assert.deepEqual(
      ended.map(({ status, reason, lastTransitionTime }) => [status, reason, lastTransitionTime]),
      [["False", "TestRunRunningFalse", "2026-01-01T00:00:40Z"]],
    );
  });

  it("keep their time while their status stays", () => {
    const conditions = withCondition(withCondition([], running, "True", start), running, "True", later);
    assert.equal(secondsSince({ conditions }, running, later), 40);
  });

  it("say nothing of time while unknown", () =>
    assert.equal(secondsSince({ conditions: initialConditions(start) }, running, later), undefined));
});
