import assert from "node:assert/strict";
import { escaped, html } from "../../../../components/run/report/html";
import { page } from "../../../../components/run/report/page";
import type { RunResult } from "../../../../components/run/types";
import { goodRunner, passedRun, shortSeries } from "../../../support/results";

describe("the report page", () => {
  it("loads nothing and runs nothing", () => {
    const text = page(passedRun, shortSeries);
    assert.doesNotMatch(text, /<script|<link|<img|<iframe|@import|url\((?!#)|\son\w+=/i);
    const addresses = [...text.matchAll(/https?:\/\/[^"'\s<]+/g)].map(([address]) => address);
    assert.deepEqual([...new Set(addresses)].sort(), ["http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"]);
    assert.match(text, /Content-Security-Policy" content="default-src 'none'/);
  });

  it("escapes whatever comes from outside", () => {
    const evil = `<script>alert("x")</script>'&`;
    const hostile: RunResult = {
      ...passedRun,
      run: evil,
      test: evil,
      namespace: evil,
      verdict: "invalid",
      reasons: [evil],
      runners: [
        { ...goodRunner(0), pod: evil, node: evil, state: "failed", exitCode: 1, reason: evil, cause: evil, logTail: [evil] },
      ],
      thresholds: [{ metric: "http_reqs", expression: "count>1", ok: false }],
      script: { name: evil, digest: evil },
      image: evil,
      versions: { [evil]: evil },
      trigger: evil,
    };
    const text = page(hostile, undefined);
    assert.doesNotMatch(text, /<script|alert\("x"\)/);
    assert.ok(text.split("&lt;script&gt;").length > 12, "each place shows the text");
  });

  for (const [verdict, meaning] of [
    ["pass", "The target held"],
    ["fail", "The target did not hold"],
    ["invalid", "cannot be believed"],
  ] as const) {
    it(`says ${verdict} in words, not by colour alone`, () => {
      const text = page({ ...passedRun, verdict }, shortSeries);
      assert.match(text, new RegExp(`</span> ${verdict}</p>`));
      assert.ok(text.includes(meaning));
    });
  }

  it("draws four charts, each for wide and narrow screens, in colours of the scheme", () => {
    const text = page(passedRun, shortSeries);
    assert.equal(text.split("<svg ").length - 1, 8);
    for (const colour of ["blue", "orange", "purple", "vermilion", "green"]) {
      assert.ok(text.includes(`stroke="var(--${colour})"`), colour);
    }
  });

  it("draws the bound of a percentile's threshold where it is near the data, and not where it is far", () => {
    const boundIn = (expression: string) => {
      const thresholds = [{ metric: "http_req_duration", expression, actual: 63, ok: true }];
      return page({ ...passedRun, thresholds }, shortSeries).includes('stroke="var(--bound)"');
    };
    assert.equal(boundIn("p(95)<200"), true);
    assert.equal(boundIn("p(95)<5000"), false);
  });

  it("heads each column of the thresholds with what is in it", () => {
    const [, table = ""] = page(passedRun, shortSeries).split("<h2>Thresholds</h2>");
    const texts = (tag: string) =>
      [...table.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, "g"))].slice(0, 4).map(([, text = ""]) => text);
    assert.deepEqual(texts("th"), ["Outcome", "Metric", "Threshold", "Actual"]);
    const cells = texts("td").map((text) => text.replace(/<[^>]*>/g, ""));
    assert.deepEqual(cells, ["✓ met", "http_req_duration", "p(95)&lt;500", "212.4\u202fms"]);
  });

  it("says so where there is nothing to draw or to judge", () => {
    const text = page({ ...passedRun, thresholds: [], startedAt: null, finishedAt: null, startSkewMs: null }, undefined);
    assert.match(text, /Nothing could be read from the store to draw/);
    assert.match(text, /None was judged/);
    assert.match(text, /never started/);
  });

  it("shows a runner's end, cause and log", () => {
    const runner = {
      ...goodRunner(1),
      state: "failed",
      exitCode: 137,
      reason: "OOMKilled",
      cause: "it was too big",
      totals: undefined,
    } as const;
    const text = page({ ...passedRun, runners: [goodRunner(0), { ...runner, logTail: ["first", "last"] }] }, shortSeries);
    assert.match(text, /OOMKilled<\/span> <span class="faint">exit 137/);
    assert.match(text, /it was too big/);
    assert.match(text, /<summary>Last 2 lines of the log of runner 1 \(exit 137\)<\/summary>\s*<pre>\s*first\nlast/);
    assert.equal(text.split("<details>").length - 1, 1);
  });
});

describe("html", () => {
  it("escapes every value, but not what is HTML already", () => {
    assert.equal(
      html`<b title="${`"'`}">${["<", html`<i>${"&"}</i>`, 3]}${undefined}</b>`.text,
      '<b title="&quot;&#39;">&lt;<i>&amp;</i>3</b>',
    );
  });
  it("makes control characters of a log visible", () => assert.equal(escaped("a\u0000\u001b[31m\tb"), "a\ufffd\ufffd[31m\tb"));
});
