import assert from "node:assert/strict";
import { withLog } from "../../../components/run/runner-log";
import type { RunnerReport } from "../../../components/run/types";

describe("the log of a runner", () => {
  const thrown =
    'time="2026-11-24T08:00:00Z" level=error msg="ReferenceError: x is not defined\\n\\tat file:///test/script.js:3:1(9)\\n" hint="script exception"';
  const failed: RunnerReport = { index: 0, state: "failed", cause: "runner 0 of 2 failed: exit code 107.", exitCode: 107 };

  it("adds the exception to the cause, at the author's place", () => {
    assert.equal(
      withLog(failed, [thrown], "shop.js").cause,
      "runner 0 of 2 failed: exit code 107. k6 said: ReferenceError: x is not defined at shop.js:3:1.",
    );
  });

  const words: [string, string, string][] = [
    [
      "why it was aborted, and where",
      "test aborted: the shop is closed at default (file:///test/script.js:3:43(6))",
      "test aborted: the shop is closed at shop.js:3:43",
    ],
    [
      "which thresholds failed",
      "thresholds on metrics 'http_req_duration' have been crossed",
      "thresholds on metrics 'http_req_duration' have been crossed",
    ],
    [
      "which option it refused",
      "could not initialize 'main.js': could not load JS test 'file:///test/main.js': unknown executor type 'nope'",
      "unknown executor type 'nope'",
    ],
  ];
  for (const [what, message, said] of words) {
    it(`adds ${what}`, () => {
      const line = `time="2026-11-24T08:00:00Z" level=error msg="${message}"`;
      assert.equal(
        withLog({ ...failed, cause: "It failed.", exitCode: 108 }, [line], "shop.js").cause,
        `It failed. k6 said: ${said}.`,
      );
    });
  }

  it("does not make what k6 said last the cause of a runner that was killed", () => {
    const killed: RunnerReport = { index: 0, state: "failed", cause: "It was killed.", exitCode: 137 };
    assert.equal(withLog(killed, ['level=error msg="a request failed"'], "shop.js").cause, "It was killed.");
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
