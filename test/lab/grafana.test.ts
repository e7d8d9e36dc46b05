import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { labEnvironment } from "../../lab/env";
import { FakeGrafana } from "../support/fake-grafana";

const program = `
const { Grafana } = require("pulumi-k6");
const store = { url: process.env.STORE_URL, org: "load", bucket: "k6", readToken: "token-for-reading" };
const bind = { url: process.env.GRAFANA_URL, token: "admin", name: process.env.NAME };
exports.url = new Grafana("grafana", { namespace: "load", store, bind }).url;
`;

describe("pulumi up of a Grafana that is bound (a stand-in for Grafana, the real Pulumi)", function () {
  this.timeout(180_000);
  let folder: string;
  let fake: FakeGrafana;

  before(async () => {
    fake = await new FakeGrafana("13.1.3", "/tools").start();
    folder = await mkdtemp(path.join(tmpdir(), "grafana-bound-"));
    await symlink(path.resolve("node_modules"), path.join(folder, "node_modules"));
    await writeFile(path.join(folder, "index.js"), program);
    await writeFile(path.join(folder, "Pulumi.yaml"), "name: grafana-bound\nruntime: nodejs\n");
    await pulumi("stack", "select", "--create", "grafana-bound");
  });

  after(async () => {
    await pulumi("destroy", "--yes", "--skip-preview", "--non-interactive").catch(() => undefined);
    await pulumi("stack", "rm", "--yes");
    await fake.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function pulumi(...args: string[]): Promise<string> {
    const { output, exitCode } = await pulumiWith({ STORE_URL: "http://influxdb:8086" }, ...args);
    assert.equal(exitCode, 0, output);
    return output;
  }

  async function pulumiWith(variables: Record<string, string>, ...args: string[]) {
    const env = { ...labEnvironment(), GRAFANA_URL: fake.url, NO_COLOR: "1", ...variables };
    const { all, exitCode } = await execa("pulumi", args, { cwd: folder, env, reject: false, all: true, stdin: "ignore" });
    return { output: all, exitCode };
  }
  const up = (...args: string[]) => pulumi("up", "--yes", "--skip-preview", "--non-interactive", ...args);
  const writes = () => fake.requests.filter((line) => !line.startsWith("GET"));

  it("makes folder, data source and dashboards", async () => {
    await up();
    assert.deepEqual([...fake.folders.keys()], ["k6"]);
    assert.deepEqual([...fake.dataSources.keys()], ["k6-store"]);
    assert.equal(fake.dashboards.size, 5);
    assert.ok([...fake.dashboards.values()].every(({ folderUid }) => folderUid === "k6"));
  });

  it("has nothing to do the second time, also after a look at what is there", async () => {
    fake.requests.length = 0;
    await up("--expect-no-changes");
    await up("--refresh", "--expect-no-changes");
    assert.deepEqual(writes(), []);
  });

  it("puts a panel back that was edited by hand, and only that", async () => {
    const board = fake.dashboards.get("k6-run");
    const panels = board?.dashboard.panels;
    Object.assign(board?.dashboard ?? {}, { panels: [], version: 7 });
    fake.requests.length = 0;
    await up("--refresh");
    assert.deepEqual(writes(), ["POST /tools/api/dashboards/db"]);
    assert.deepEqual(fake.dashboards.get("k6-run")?.dashboard.panels, panels);
    await up("--refresh", "--expect-no-changes");
  });

  it("keeps no token in clear in its state", async () => {
    const state = await pulumi("stack", "export");
    assert.ok(!/token-for-reading|Bearer admin/.test(state));
    assert.match(state, /"keptDigest"/);
  });

  it("is not taken over by another stack with another store, which has its own by a name", async () => {
    const before = structuredClone([...fake.dataSources.values(), ...fake.dashboards.values()]);
    const other = (variables: Record<string, string>, ...args: string[]) =>
      pulumiWith({ STORE_URL: "http://prod:8086", ...variables }, ...args, "--stack", "grafana-other", "--non-interactive");
    await pulumi("stack", "init", "grafana-other", "--no-select");
    try {
      const refused = await other({}, "up", "--yes", "--skip-preview");
      assert.notEqual(refused.exitCode, 0);
      assert.match(
        refused.output,
        /for http:\/\/influxdb:8086, organisation load, bucket k6\. This stack's store is http:\/\/prod:8086.*`bind\.name/s,
      );
      assert.deepEqual([...fake.dataSources.values(), ...fake.dashboards.values()], before);

      const named = await other({ NAME: "prod" }, "up", "--yes", "--skip-preview");
      assert.equal(named.exitCode, 0, named.output);
      assert.deepEqual([...fake.dataSources.keys()], ["k6-store", "k6-store-prod"]);
      assert.equal(fake.dashboards.size, 10);
    } finally {
      await other({ NAME: "prod" }, "destroy", "--yes", "--skip-preview");
      await pulumi("stack", "rm", "--yes", "--stack", "grafana-other");
      await pulumi("stack", "select", "grafana-bound");
    }
    assert.deepEqual([...fake.dataSources.values(), ...fake.dashboards.values()], before);
    await up("--refresh", "--expect-no-changes");
  });

  it("removes what it made, and leaves what is others'", async () => {
    fake.dashboards.set("theirs", { dashboard: { uid: "theirs", title: "theirs", version: 1 }, folderUid: "k6" });
    fake.folders.set("other", { id: 99, uid: "other", title: "other", version: 1 });
    await pulumi("destroy", "--yes", "--skip-preview", "--non-interactive");
    assert.deepEqual([...fake.dashboards.keys()], ["theirs"]);
    assert.deepEqual([...fake.folders.keys()], ["k6", "other"]);
    assert.equal(fake.dataSources.size, 0);
  });
});
