import assert from "node:assert/strict";
import * as dashboardProvider from "../../../components/grafana/content/dashboard-provider";
import * as dataSourceProvider from "../../../components/grafana/content/data-source-provider";
import * as folderProvider from "../../../components/grafana/content/folder-provider";
import { dashboards } from "../../../components/grafana/dashboards/dashboards";
import { renderDashboard } from "../../../components/grafana/dashboards/render";
import { FakeGrafana } from "../../support/fake-grafana";

describe("what Pulumi keeps in Grafana (a stand-in)", () => {
  let fake: FakeGrafana;
  before(async () => (fake = await new FakeGrafana("13.1.3").start()));
  after(() => fake.stop());
  const access = () => ({ url: fake.url, authorization: "Bearer admin", __provider: "text" });
  const folder = () => ({ ...access(), uid: "k6", title: "k6" });
  const source = () => ({
    ...access(),
    ...{ uid: "k6-store", title: "k6 store", storeUrl: "http://influxdb:8086", org: "load", bucket: "k6", readToken: "secret" },
  });
  const json = JSON.stringify(renderDashboard(dashboards()[1]));
  const dashboard = () => ({ ...access(), uid: "k6-compare", folder: "k6", json });

  /** No `undefined`, which Pulumi cannot keep, and nothing lost of what came in. */
  const isKept = (outs: object, inputs: object) => {
    assert.deepEqual(JSON.parse(JSON.stringify(outs)), outs);
    assert.deepEqual({ ...outs, ...inputs }, outs);
  };

  it("shows no change after it was made, and none after a refresh", async () => {
    const made = await folderProvider.create(folder());
    isKept(made.outs, folder());
    assert.equal(folderProvider.diff(made.outs, folder()).changes, false);
    assert.deepEqual(await folderProvider.read(made.id, made.outs), { id: "k6", props: made.outs, inputs: folder() });

    const store = await dataSourceProvider.create(source());
    isKept(store.outs, source());
    assert.equal(dataSourceProvider.diff(store.outs, source()).changes, false);
    assert.deepEqual(await dataSourceProvider.read(store.id, store.outs), {
      id: "k6-store",
      props: store.outs,
      inputs: source(),
    });

    const board = await dashboardProvider.create(dashboard());
    isKept(board.outs, dashboard());
    assert.equal(dashboardProvider.diff(board.outs, dashboard()).changes, false);
    assert.deepEqual(await dashboardProvider.read(board.id, board.outs), {
      id: "k6-compare",
      props: board.outs,
      inputs: dashboard(),
    });
  });

  it("shows a panel edited by hand after a refresh, and puts it back", async () => {
    const { id, outs } = await dashboardProvider.create(dashboard());
    Object.assign(fake.dashboards.get("k6-compare")!.dashboard, { panels: [], version: 9 });
    const seen = await dashboardProvider.read(id, outs);
    assert.ok(seen.props);
    assert.equal(dashboardProvider.diff(seen.props, dashboard()).changes, true);
    const { outs: again } = await dashboardProvider.update(seen.props, dashboard());
    isKept(again, dashboard());
    assert.deepEqual(again, outs);
    assert.equal((fake.dashboards.get("k6-compare")!.dashboard.panels as object[]).length > 0, true);
  });

  it("shows a data source changed by hand, and puts it back; another token is written", async () => {
    const { id, outs } = await dataSourceProvider.create(source());
    Object.assign(fake.dataSources.get("k6-store")!, { url: "http://elsewhere" });
    const seen = await dataSourceProvider.read(id, outs);
    assert.equal(seen.inputs?.storeUrl, "http://elsewhere");
    assert.ok(seen.props);
    assert.equal(dataSourceProvider.diff(seen.props, source()).changes, true);
    await dataSourceProvider.update(seen.props, source());
    assert.equal(fake.dataSources.get("k6-store")?.url, "http://influxdb:8086");
    assert.equal(dataSourceProvider.diff(outs, { ...source(), readToken: "another" }).changes, true);
  });

  it("is made anew where it is gone", async () => {
    const { outs } = await dashboardProvider.create(dashboard());
    fake.dashboards.clear();
    assert.deepEqual(await dashboardProvider.read("k6-compare", outs), {});
    const { outs: source1 } = await dataSourceProvider.create(source());
    fake.dataSources.clear();
    assert.deepEqual(await dataSourceProvider.read("k6-store", source1), {});
  });

  it("goes with another uid or another Grafana, and is made there", () => {
    const olds = { ...folder(), folderId: 1, adopted: false };
    assert.deepEqual(folderProvider.diff(olds, { ...folder(), url: "http://other" }).replaces, ["url"]);
    assert.deepEqual(folderProvider.diff(olds, { ...folder(), authorization: "Bearer new" }), { changes: true, replaces: [] });
  });

  it("leaves at its removal what was there before it, and what others put into its folder", async () => {
    fake.folders.clear();
    const own = await folderProvider.create(folder());
    const adopted = await folderProvider.create(folder());
    assert.equal(adopted.outs.adopted, true);
    await folderProvider.remove(adopted.outs);
    assert.ok(fake.folders.has("k6"));
    fake.dashboards.set("theirs", { dashboard: { uid: "theirs", title: "theirs", version: 1 }, folderUid: "k6" });
    await folderProvider.remove(own.outs);
    assert.ok(fake.folders.has("k6") && fake.dashboards.has("theirs"));
    fake.dashboards.clear();
    await folderProvider.remove(own.outs);
    assert.equal(fake.folders.size, 0);
  });
});
