import assert from "node:assert/strict";
import { withLog } from "../../../components/run/runner-log";
import type { RunnerReport } from "../../../components/run/types";

describe("the log of a runner", () => {
  const thrown =
    'time="2026-11-24T08:00:00Z" level=error msg="ReferenceError: x is not defined\\n\\tat file:///test/script.js:3:1(9)\\n" hint="script exception"';
  const failed: RunnerReport = { index: 0, state: "failed", cause: "runner 0 of 2 failed: exit code 107." };

  it("adds the exception to the cause, at the author's place", () => {
    assert.equal(
      withLog(failed, [thrown], "shop.js").cause,
      "runner 0 of 2 failed: exit code 107. ReferenceError: x is not defined at shop.js:3:1.",
    );
  });

  it("is kept in the author's words", () => {
    assert.match(withLog(failed, [thrown], "shop.js").logTail?.[0] ?? "", /shop\.js:3:1/);
  });

  it("does not make an exception the cause of a runner that was deleted", () => {
    const lost: RunnerReport = { index: 0, state: "lost", cause: "runner 0 of 2 was lost." };
    assert.equal(withLog(lost, [thrown], "shop.js").cause, "runner 0 of 2 was lost.");
  });

  it("may be gone", () => assert.deepEqual(withLog(failed, undefined, "shop.js"), failed));
});
