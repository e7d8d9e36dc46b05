import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { endless } from "./support/scripts";
import { freshLoadTest, sharedStack } from "./support/shared";
import type { LabStack } from "./support/stack";

const requests = `from(bucket: run.bucket) |> range(start: run.start, stop: run.stop)
  |> filter(fn: (r) => r.testid == run.testid and r._measurement == "http_reqs" and r._field == "value") |> group() |> sum()`;

describe("a load test in the lab that is judged by more than its thresholds", function () {
  this.timeout(120_000);
  let stack: LabStack;
  before(async () => (stack = await sharedStack()));

  describe("whose target is in distress", () => {
    it("is stopped on all runners, and is fail with the reason", async () => {
      const shop = await freshLoadTest(stack, {
        script: await stack.script("endless.js", endless),
        deadlineSeconds: 90,
        env: { TARGET_QUERY: "delay=200ms" },
        thresholds: { http_req_failed: ["rate<0.01"] },
        abortWhen: { thresholds: { http_req_duration: ["p(95)<100"] }, windowSeconds: 3, windows: 2 },
      });
      const { exitCode, output } = await stack.up({ shop });
      assert.notEqual(exitCode, 0);
      const result = await stack.run();
      assert.equal(result.verdict, "fail", result.reasons.join("\n"));
      assert.match(
        result.reasons[0],
        /^run shop-\w+ was stopped at .*, as its target was in distress: http_req_duration: p\(95\)<100 was missed in 2 windows of 3 s in a row/,
      );
      assert.ok(output.includes(result.reasons[0]));
      assert.deepEqual(
        result.runners.map((runner) => runner.exitCode),
        [103, 103],
      );
      const loadMs = Date.parse(result.finishedAt ?? "") - Date.parse(result.startedAt ?? "");
      assert.ok(loadMs < 40_000, `its load lasted ${loadMs} ms`);
    });
  });

  describe("with a query and a comparison", () => {
    it("judges the query, compares with the run before, and writes every form of the report", async () => {
      const compare = { lastRuns: 1, minimumEffect: 0.5 };
      const queries = { "all-requests": { flux: requests, threshold: "value>10" } };
      const thresholds = { http_req_duration: ["p(95)<2000 over 1s for 50%"], http_reqs: ["rate>1/s"] };
      // The first has none of its kind before it: no other test asks so slow a target.
      const env = { TARGET_QUERY: "delay=9ms" };
      await stack.up({ shop: await freshLoadTest(stack, { compare, queries, thresholds, env }) });
      const first = await stack.run();
      assert.equal(first.verdict, "pass", first.reasons.join("\n"));
      assert.equal(first.comparison?.outcome, "not comparable");
      await stack.up({ shop: await freshLoadTest(stack, { compare, queries, thresholds, env }) });
      const second = await stack.run();
      assert.equal(second.verdict, "pass", second.reasons.join("\n"));
      assert.deepEqual(second.comparison?.baselines, [first.run]);
      assert.notEqual(second.comparison?.outcome, "not comparable", second.comparison?.reason);
      const query = second.thresholds.find(({ source }) => source === "query");
      assert.equal(query?.actual, second.figures.requests);
      assert.equal(second.accounts?.length, 8);
      second.accounts?.forEach(({ counted, stored }) => assert.equal(stored, counted));
      const base = path.join(stack.folder, "reports", second.run);
      for (const end of ["html", "json", "junit.xml", "md"]) {
        assert.ok(existsSync(`${base}.${end}`), end);
      }
      assert.match(await readFile(`${base}.junit.xml`, "utf8"), /<testsuite name="k6 shop" .*failures="0" errors="0"/);
    });
  });
});
