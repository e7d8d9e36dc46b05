import assert from "node:assert/strict";
import { dashboards } from "../../../../components/grafana/dashboards/dashboards";
import { fluxOf, panelsOf } from "../../../../components/grafana/dashboards/model";
import { ownerTag, renderDashboard } from "../../../../components/grafana/dashboards/render";
import type { SchemaDashboard } from "../../../../components/grafana/dashboards/schema";

/** Every version of every dashboard. */
const all = [false, true].flatMap((prometheus) => dashboards({ prometheus }));

describe("the JSON of a dashboard", () => {
  for (const dashboard of dashboards({ prometheus: true })) {
    // Grafana's own types of version 13: the compiler is the test.
    const rendered = renderDashboard(dashboard);
    const json: SchemaDashboard = rendered;
    const text = JSON.stringify(json);
    const { panels } = rendered;

    it(`${dashboard.title}: has each id once, and one that does not change with the panels around it`, () => {
      const ids = panels.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.every((id) => Number.isInteger(id)));
      assert.deepEqual(
        panels.filter(({ type }) => type !== "row").map(({ id, title }) => [id, title]),
        panelsOf(dashboard).map(({ id, title }) => [id, title]),
      );
    });

    it(`${dashboard.title}: names no data source but the reader's choice and Grafana itself`, () => {
      const uids = [...text.matchAll(/"uid":"([^"]*)"/g)].map(([, uid]) => uid);
      assert.deepEqual(
        uids.filter((uid) => !["${datasource}", "${prometheus}", "-- Grafana --", dashboard.uid].includes(uid ?? "")),
        [],
      );
      for (const name of ["datasource", ...(text.includes("${prometheus}") ? ["prometheus"] : [])]) {
        assert.ok(
          json.templating?.list?.some((variable) => variable.name === name && variable.type === "datasource"),
          name,
        );
      }
    });

    it(`${dashboard.title}: fills the width, and no panel lies on another`, () => {
      const taken = new Set<string>();
      for (const { gridPos } of panels) {
        const { x, y, w, h } = gridPos;
        assert.ok(x >= 0 && x + w <= 24, JSON.stringify(gridPos));
        for (let i = 0; i < w * h; i++) {
          const cell = `${x + (i % w)}/${y + Math.floor(i / w)}`;
          assert.ok(!taken.has(cell), `${cell} is taken twice`);
          taken.add(cell);
        }
      }
    });

    it(`${dashboard.title}: paints by limits of its own, since Grafana's are red from 80 on`, () => {
      for (const { type, fieldConfig } of panels) {
        if (type === "stat" || type === "timeseries") {
          assert.ok(fieldConfig?.defaults.thresholds?.steps.length, `a ${type}`);
        }
      }
    });
  }

  it("leads from a run to the others with its time, and to the fleet without: it would show that run alone", () => {
    for (const name of [undefined, "dev"]) {
      const fleet = name === undefined ? "k6-fleet" : "k6-fleet-dev";
      for (const { uid, tags, links } of dashboards({ name }).map(renderDashboard)) {
        const [menu, toFleet] = links;
        assert.equal(menu?.keepTime, true);
        assert.equal(
          menu.tags.every((tag) => tags.includes(tag)),
          uid !== fleet,
        );
        assert.deepEqual(
          [toFleet?.url, toFleet?.keepTime],
          uid === fleet ? [undefined, undefined] : [`/d/${fleet}?from=now-7d&to=now`, false],
        );
      }
    }
  });

  it("has uids that Grafana takes, each once", () => {
    const uids = dashboards().map(({ uid }) => uid);
    assert.equal(new Set(uids).size, uids.length);
    uids.forEach((uid) => assert.match(uid, /^[A-Za-z0-9_-]{1,40}$/));
  });

  it("uses no variable that its dashboard does not have", () => {
    for (const dashboard of all) {
      const known = [...dashboard.variables.map(({ name }) => name), "datasource", "prometheus"];
      const flux = panelsOf(dashboard).flatMap(fluxOf).join("\n");
      const used = [...flux.matchAll(/\$\{(\w+)(?::\w+)?\}/g)].map(([, name]) => name ?? "");
      assert.deepEqual(
        used.filter((name) => !known.includes(name)),
        [],
        dashboard.title,
      );
    }
  });

  it("has whole seconds as shortest windows: Flux knows no others", () => {
    for (const { interval } of all.flatMap((dashboard) => renderDashboard(dashboard).panels)) {
      assert.match(interval ?? "5s", /^\d+s$/);
    }
  });

  it("does not touch pods, operator and the store's size without Prometheus", () => {
    assert.ok(!JSON.stringify(dashboards().map(renderDashboard)).includes("prometheus"));
    assert.ok(JSON.stringify(dashboards({ prometheus: true }).map(renderDashboard)).includes("controller_runtime_reconcile"));
  });

  it("stays far below what a ConfigMap can hold", () => {
    const bytes = dashboards({ prometheus: true }).map((dashboard) => JSON.stringify(renderDashboard(dashboard)).length);
    assert.ok(bytes.reduce((sum, size) => sum + size, 0) < 500_000, bytes.join(", "));
  });
});

describe("the tag of a stack's dashboards", () => {
  it("fits into Grafana's 50 characters, and tells stacks apart all the same", () => {
    const [one, other] = ["a", "b"].map((end) => ownerTag(`${"p".repeat(100)}/${"s".repeat(99)}${end}`));
    assert.equal(ownerTag("shop/dev"), "stack:shop/dev");
    assert.equal(one.length, 50);
    assert.match(one, /^stack:p+~[0-9a-f]{8}$/);
    assert.notEqual(one, other);
  });
});
