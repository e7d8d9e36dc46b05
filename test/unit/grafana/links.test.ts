import assert from "node:assert/strict";
import { dashboardUrl, exploreUrl, runUrl, shownTime } from "../../../components/grafana/links";

const site = { url: "https://example.com/tools/grafana/", org: 7, dataSource: "k6-store" };
const time = { start: new Date("2026-11-24T10:00:03.500Z"), stop: new Date("2026-11-24T10:01:07.001Z") };

describe("links into Grafana", () => {
  it("show a run with whole tens of seconds and ten more on either side", () => {
    const { from, to } = shownTime(time);
    assert.equal(new Date(from).toISOString(), "2026-11-24T09:59:50.000Z");
    assert.equal(new Date(to).toISOString(), "2026-11-24T10:01:20.000Z");
  });

  it("keep the path under which Grafana is served, with one slash, and name organisation, data source, run and time", () => {
    const url = new URL(runUrl(site, "shop-0a1b2c3d", time));
    assert.equal(url.origin + url.pathname, "https://example.com/tools/grafana/d/k6-run");
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      orgId: "7",
      "var-datasource": "k6-store",
      "var-testid": "shop-0a1b2c3d",
      from: String(Date.parse("2026-11-24T09:59:50Z")),
      to: String(Date.parse("2026-11-24T10:01:20Z")),
    });
  });

  it("carry limits that are drawn as lines", () => {
    const { searchParams } = new URL(runUrl(site, "shop-0a1b2c3d", time, { durationMs: 500, failedPercent: 1 }));
    assert.equal(searchParams.get("var-durationLimit"), "500");
    assert.equal(searchParams.get("var-failedLimit"), "1");
  });

  it("lead to the dashboards of their own stack, where another has some too", () => {
    const { pathname } = new URL(runUrl({ ...site, name: "dev" }, "shop-0a1b2c3d", time));
    assert.equal(pathname, "/tools/grafana/d/k6-run-dev");
  });

  it("open the first organisation where none is named", () => {
    assert.match(dashboardUrl({ url: "http://g", dataSource: "x" }, "fleet"), /^http:\/\/g\/d\/k6-fleet\?orgId=1&/);
  });

  it("open Explore with a query for the run", () => {
    const url = new URL(exploreUrl(site, "shop-0a1b2c3d", time));
    assert.equal(url.pathname, "/tools/grafana/explore");
    const panes = JSON.parse(url.searchParams.get("panes") ?? "") as Record<
      string,
      { queries: { query: string }[]; range: object }
    >;
    assert.match(panes.k6?.queries[0]?.query ?? "", /r\.testid == "shop-0a1b2c3d"/);
    assert.deepEqual(panes.k6?.range, { from: "1795514390000", to: "1795514480000" });
  });
});
