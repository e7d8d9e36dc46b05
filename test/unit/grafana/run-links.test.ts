import assert from "node:assert/strict";
import { limitsOf, runAnnotation, runLinks } from "../../../components/grafana/run-links";

const grafana = { url: "http://grafana", org: 1, dataSource: "k6-store" };
const times = { startedAt: "2026-11-24T10:00:00.000Z", finishedAt: "2026-11-24T10:01:00.000Z" };
const result = { run: "shop-0a1b2c3d", test: "shop", verdict: "fail" as const, reasons: ["p(95)<500 & more"], ...times };

describe("what a run shows in Grafana", () => {
  it("is a link to its dashboard and one to Explore", () => {
    const links = runLinks(grafana, {
      ...result,
      thresholds: [{ metric: "http_req_duration", expression: "p(95)<500", ok: true }],
    });
    assert.match(links.dashboard, /\/d\/k6-run\?.*var-testid=shop-0a1b2c3d.*var-durationLimit=500/);
    assert.match(links.explore, /\/explore\?schemaVersion=1/);
  });

  it("is nothing where the run never had load", () => {
    assert.deepEqual(runLinks(grafana, { ...result, startedAt: null, thresholds: [] }), { dashboard: "", explore: "" });
    assert.equal(runAnnotation({ ...result, startedAt: null }), undefined);
  });

  for (const [thresholds, limits] of [
    [
      [
        ["http_req_duration", "p(95)<500"],
        ["http_req_duration", "p(99) < 900"],
      ],
      { durationMs: 500 },
    ],
    [
      [
        ["http_req_duration", "avg<=250.5"],
        ["http_req_failed", "rate<0.01"],
      ],
      { durationMs: 250.5, failedPercent: 1 },
    ],
    [
      [
        ["http_req_duration{name:login}", "p(95)<100"],
        ["http_req_duration", "p(95)>1"],
        ["http_req_failed", "rate>0.5"],
      ],
      {},
    ],
    [
      [
        ["checks", "rate>0.9"],
        ["http_req_failed", "rate<.07"],
      ],
      { failedPercent: 7 },
    ],
  ] as const) {
    it(`has the lines ${JSON.stringify(limits)} of ${JSON.stringify(thresholds)}`, () => {
      assert.deepEqual(limitsOf(thresholds.map(([metric, expression]) => ({ metric, expression }))), limits);
    });
  }

  it("is marked over its time, with verdict and reasons as text and not as HTML of the reasons' own", () => {
    const mark = runAnnotation(result);
    assert.deepEqual(
      { ...mark },
      {
        ...{ testid: "shop-0a1b2c3d", kind: "run", key: "run" },
        ...{ time: Date.parse(times.startedAt), timeEnd: Date.parse(times.finishedAt) },
        text: "shop-0a1b2c3d: fail<br>p(95)&lt;500 &amp; more",
        tags: ["test:shop", "verdict:fail"],
      },
    );
  });

  it("is cut where reasons have no end", () => {
    assert.ok((runAnnotation({ ...result, reasons: Array<string>(500).fill("too slow") })?.text.length ?? 0) <= 1001);
  });
});
