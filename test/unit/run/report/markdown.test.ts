import assert from "node:assert/strict";
import { markdown } from "../../../../components/run/report/markdown";
import { page } from "../../../../components/run/report/page";
import { summaryText } from "../../../../components/run/report/summary";
import type { RunResult } from "../../../../components/run/types";
import { passedRun, shortSeries } from "../../../support/results";

const judged: RunResult = {
  ...passedRun,
  verdict: "fail",
  reasons: ["threshold x was missed."],
  thresholds: [
    {
      ...{ metric: "http_req_duration", expression: "p(95)<500 over 5s for 90%", actual: 0.5, ok: false },
      windows: { seconds: 5, needed: 0.9, met: 2, of: 4, empty: 1, worst: 812.4 },
    },
    {
      metric: "http_reqs",
      expression: "count>800",
      actual: 1000,
      ok: true,
      source: "script",
      runners: { met: [], missed: [0, 1] },
    },
    {
      metric: "x{url:y}",
      expression: "p(95)<1",
      ok: false,
      source: "script",
      runners: { met: [0], missed: [1] },
      onlyRunners: true,
    },
    { metric: "db-cpu", expression: "value<80", ok: false, source: "query", problem: "its Flux gives no row" },
  ],
  accounts: [
    { metric: "http_reqs", of: "sum", counted: 100, stored: 100, byRunner: [] },
    { metric: "checks", of: "count", counted: 50, stored: 40, byRunner: [{ index: 1, counted: 25, stored: 15 }] },
  ],
  gateway: { dropped: 10, rejected: 0, buffered: 3, restarted: true },
  comparison: {
    outcome: "regression",
    reason: "p50 is 10 % higher: 22 ms against 20 ms (p < 0.0001).",
    caveats: ["One run is no measure."],
    baselines: ["checkout-00000000"],
    figures: [
      {
        ...{ name: "p50", unit: "ms", baseline: 20, candidate: 22, change: 0.1, pValue: 0.00001, noise: null },
        ...{ detectable: 0.07, outcome: "worse" },
      },
      {
        name: "error rate",
        unit: "",
        baseline: 0,
        candidate: 0,
        change: 0,
        pValue: 1,
        noise: 0.001,
        detectable: 0.01,
        outcome: "same",
      },
    ],
  },
};

describe("the report as Markdown", () => {
  it("begins with the verdict and its reasons", () =>
    assert.match(markdown(judged), /^### ❌ k6 load test checkout-3f9a1c2e: fail\n\n- threshold x was missed\.\n\n\| requests/));
  it("has a row for each threshold, with what was measured and who set it", () => {
    const text = markdown(judged);
    assert.ok(
      text.includes(
        "| ❌ missed | `http_req_duration` | `p(95)<500 over 5s for 90%` | 2 of 4 windows (50 %), worst 812.4 ms | load test |",
      ),
      text,
    );
    assert.ok(text.includes("| ✅ met | `http_reqs` | `count>800` | 1 000 | script; alone missed on runners 0, 1 |"), text);
    assert.ok(text.includes("| ❌ missed on runner 1 | `x{url:y}` |"), text);
    assert.ok(text.includes("| ⚠️ not evaluated | `db-cpu` | `value<80` | its Flux gives no row | query |"), text);
  });
  it("shows the comparison, with its smallest detectable difference", () => {
    const text = markdown(judged);
    assert.ok(text.includes("**Compared: regression.** p50 is 10 % higher: 22 ms against 20 ms (p \\< 0.0001)."), text);
    assert.ok(text.includes("| p50 | 20 ms | 22 ms | +10 % | 7 % | worse |"), text);
    assert.ok(text.includes("> One run is no measure."), text);
  });
  it("lets nothing from outside be markup, a link or a mention", () => {
    const text = markdown({ ...passedRun, reasons: ["<b>[x](http://y) @everyone | `a`\n# b"] });
    assert.ok(text.includes("- \\<b\\>\\[x\\](http://y) @\u200beveryone \\| \\`a\\` \\# b\n"), text);
  });
});

describe("the page of a run judged in every way", () => {
  const text = page(judged, shortSeries)
    .replaceAll("\u202f", " ")
    .replace(/<svg[^]*?<\/svg>/g, "");
  const words = text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  it("shows thresholds in windows, of the script and of queries", () => {
    assert.match(
      words,
      /missed http_req_duration p\(95\)&lt;500 over 5s for 90% 2 of 4 windows \(50 %\), worst 812\.4 ms load test/,
    );
    assert.match(words, /missed on runner 1 x\{url:y\}/);
    assert.match(words, /not evaluated db-cpu value&lt;80 its Flux gives no row query/);
  });
  it("sets what the runners counted against what is stored, and says what the gateway lost", () => {
    assert.match(words, /all there requests 100 100/);
    assert.match(words, /10 missing checks 50 40 1: 25, stored 15/);
    assert.match(words, /gateway between them lost 10 points and still holds 3\. It was started anew/);
  });
  it("shows the comparison with its table", () => {
    assert.match(words, /Compared With checkout-00000000\. ✕ regression : p50 is 10 % higher/);
    assert.match(words, /worse p50 20 ms 22 ms \+10 % &lt; 0\.0001 – 7 %/);
    assert.match(words, /no difference found error rate 0 % 0 % 0 % 1 0\.1 % 1 %/);
  });
  it("links its other forms", () => assert.match(text, /href="checkout-3f9a1c2e\.junit\.xml"[^]*href="checkout-3f9a1c2e\.md"/));
});

describe("the summary of a run judged in every way", () => {
  it("tells the comparison in a line", () =>
    assert.match(summaryText(judged), /^compared \(against checkout-00000000\): regression: p50 is 10 % higher/m));
});
