import assert from "node:assert/strict";
import { ensureAnnotation, type AnnotationWish } from "../../../components/grafana/api/annotations";
import { Grafana } from "../../../components/grafana/api/client";
import { ensureDashboard, lookAtDashboard, removeDashboard } from "../../../components/grafana/api/dashboards";
import { ensureDataSource, lookAtDataSource, removeDataSource } from "../../../components/grafana/api/data-sources";
import { ensureFolder, lookAtFolder, removeFolder } from "../../../components/grafana/api/folders";
import { dashboards } from "../../../components/grafana/dashboards/dashboards";
import { dashboardTag, renderDashboard } from "../../../components/grafana/dashboards/render";
import { FakeGrafana } from "../../support/fake-grafana";

const folder = { uid: "k6", title: "k6" };
const source = {
  uid: "k6-store",
  title: "k6 store",
  storeUrl: "http://influxdb:8086",
  org: "load",
  bucket: "k6",
  readToken: "secret",
};
const json = (title = "k6 run") => JSON.stringify({ ...renderDashboard(dashboards()[0]), title });
const wish = (title?: string) => ({ uid: "k6-run", folder: "k6", json: json(title) });
const mark = (text: string): AnnotationWish => ({
  ...{ testid: "shop-0a1b2c3d", kind: "run", key: "run", time: 1000, timeEnd: 2000 },
  ...{ text, tags: ["verdict:pass"] },
});

for (const version of ["7.5.5", "10.4.2", "12.3.3", "13.1.3"]) {
  describe(`Grafana's API as of ${version} (a stand-in with recorded and documented answers)`, () => {
    let fake: FakeGrafana;
    beforeEach(async () => (fake = await new FakeGrafana(version, "/tools/grafana").start()));
    afterEach(() => fake.stop());

    const as = (token: string, times = {}) =>
      new Grafana(fake.url, `Bearer ${token}`, "Grafana lab", { minTimeout: 1, ...times });
    const hasOurDashboards = !version.startsWith("7.");
    const writes = () => fake.requests.filter((line) => !line.startsWith("GET"));

    it("says what it can do", async () => {
      const abilities = await as("viewer").abilities();
      assert.deepEqual(abilities, {
        version,
        dataSourcesByUid: hasOurDashboards,
        folderByUid: hasOurDashboards,
        ourDashboards: hasOurDashboards,
      });
    });

    it("gets a folder once, with the title that it shall have, and finds it again", async () => {
      const made = await ensureFolder(as("editor"), folder);
      assert.equal(made.adopted, false);
      fake.requests.length = 0;
      assert.equal((await ensureFolder(as("editor"), folder)).adopted, true);
      assert.deepEqual(writes(), []);
      fake.folders.get("k6")!.title = "renamed by hand";
      assert.equal((await lookAtFolder(as("editor"), "k6"))?.title, "renamed by hand");
      await ensureFolder(as("editor"), folder);
      assert.equal(fake.folders.get("k6")?.title, "k6");
    });

    it("takes a folder that another call made between question and wish", async () => {
      fake.faults.push({ to: "POST /tools/grafana/api/folders", status: 503, times: 1, isDone: true });
      assert.equal((await ensureFolder(as("editor"), folder)).title, "k6");
      assert.equal(fake.folders.size, 1);
    });

    it("looks for a folder that is gone, as an Editor, who is not told so from 9 on", async () => {
      assert.equal(await lookAtFolder(as("editor"), "k6"), undefined);
      assert.equal(await lookAtFolder(as("admin"), "k6"), undefined);
      if (hasOurDashboards) {
        await assert.rejects(lookAtFolder(as("viewer"), "k6"), /may not look for folder k6.*Editor.*folders:create/s);
      }
    });

    it("says that a folder is there which the token may not read", async () => {
      await ensureFolder(as("editor"), folder);
      fake.hiddenFolders.add("k6");
      if (hasOurDashboards) {
        await assert.rejects(
          ensureFolder(as("editor"), folder),
          /has a folder with uid k6 that the token may not read.*`bind\.name/s,
        );
      }
      assert.equal((await ensureFolder(as("admin"), folder)).adopted, true);
    });

    it("keeps a folder in which somebody else has a dashboard, and removes an empty one", async () => {
      await ensureFolder(as("editor"), folder);
      const theirs = { uid: "theirs", title: "theirs", version: 1 };
      fake.dashboards.set("theirs", { dashboard: theirs, folderUid: "k6" });
      await removeFolder(as("editor"), "k6");
      assert.ok(fake.folders.has("k6") && fake.dashboards.has("theirs"));
      fake.dashboards.clear();
      await removeFolder(as("editor"), "k6");
      await removeFolder(as("editor"), "k6");
      assert.equal(fake.folders.size, 0);
    });

    it("gets a data source, changed where it differs, whose token is never read back", async () => {
      assert.equal((await ensureDataSource(as("admin"), source)).adopted, false);
      const again = await ensureDataSource(as("admin"), { ...source, bucket: "other" }, true);
      assert.equal(again.adopted, true);
      const found = await lookAtDataSource(as("admin"), "k6-store");
      assert.equal(found?.bucket, "other");
      assert.ok(!JSON.stringify([found, [...fake.dataSources.values()]]).includes("secret"));
      await removeDataSource(as("admin"), "k6-store");
      await removeDataSource(as("admin"), "k6-store");
      assert.equal(await lookAtDataSource(as("admin"), "k6-store"), undefined);
    });

    it("takes over a data source that asks the same store, and leaves one alone that asks another", async () => {
      await ensureDataSource(as("admin"), source);
      assert.equal((await ensureDataSource(as("admin"), { ...source, storeUrl: `${source.storeUrl}/` })).adopted, true);
      fake.requests.length = 0;
      for (const other of [{ storeUrl: "http://prod:8086" }, { org: "prod" }, { bucket: "prod" }]) {
        await assert.rejects(
          ensureDataSource(as("admin"), { ...source, ...other }),
          /uid k6-store, "k6 store", for http:\/\/influxdb:8086\/, organisation load, bucket k6\. .*not changed.*`bind\.name: "dev"`.*`bind\.dataSource`/s,
        );
      }
      assert.deepEqual(writes(), []);
    });

    it("says that a data source of this name is there, and what to do (409)", async () => {
      await ensureDataSource(as("admin"), { ...source, uid: "theirs" });
      await assert.rejects(
        ensureDataSource(as("admin"), source),
        /has another data source called "k6 store".*`bind\.dataSource` with the uid/s,
      );
    });

    it("takes its data source for its own where the answer to its making was lost (409 after 5xx)", async () => {
      fake.faults.push({ to: "POST /tools/grafana/api/datasources", status: 502, times: 1, isDone: true });
      assert.equal((await ensureDataSource(as("admin"), source)).title, "k6 store");
      assert.equal(fake.dataSources.size, 1);
    });

    it("gets an annotation once, changed when it is written again, also where an answer was lost", async () => {
      await ensureAnnotation(as("editor"), mark("pass"));
      await ensureAnnotation(as("editor"), mark("fail"));
      assert.deepEqual(
        fake.annotations.map(({ text }) => text),
        ["fail"],
      );
      fake.faults.push({ to: "POST /tools/grafana/api/annotations", status: 504, times: 1, isDone: true });
      await ensureAnnotation(as("editor"), { ...mark("other"), testid: "shop-00000000" });
      assert.equal(fake.annotations.length, 2);
      assert.deepEqual(fake.annotations[0]?.tags, ["k6", "testid:shop-0a1b2c3d", "kind:run", "key:run", "verdict:pass"]);
    });

    it("tells a token that it does not know, and does not ask again (401)", async () => {
      await assert.rejects(ensureFolder(as("nobody"), folder), /refuses the token \(401 Invalid API key.*Service accounts/s);
      assert.equal(fake.requests.length, 1);
    });

    it("names the role and the permission that a token lacks (403)", async () => {
      await assert.rejects(
        ensureFolder(as("viewer"), folder),
        /may not (create|look for) folder k6 \(403 .*role Editor, .*folders:create on folders:uid:general/s,
      );
      await assert.rejects(ensureDataSource(as("editor"), source), /may not read data sources.*role Admin.*datasources:read/s);
      await assert.rejects(ensureAnnotation(as("viewer"), mark("pass")), /may not write annotations.*annotations:create/s);
    });

    it("asks again while it is busy or away (429, 5xx), and gives up with its word", async () => {
      fake.faults.push({ status: 503, times: 2 }, { status: 429, times: 1 });
      assert.equal((await ensureFolder(as("editor"), folder)).title, "k6");
      fake.faults.push({ status: 500, times: 99, body: "<html>upstream failed</html>" });
      await assert.rejects(lookAtFolder(as("editor"), "k6"), /did not look for folder k6 \(500 <html>upstream failed/);
      fake.faults.length = 0;
      const { url } = fake;
      await fake.stop();
      const gone = new Grafana(url, "Bearer editor", "Grafana lab", { minTimeout: 1 });
      await assert.rejects(lookAtFolder(gone, "k6"), /Grafana lab does not answer: .*ECONNREFUSED/);
      fake = await new FakeGrafana(version).start();
    });

    it("says that there is no Grafana at an address without its path", async () => {
      const elsewhere = new Grafana(fake.url.replace("/tools/grafana", ""), "Bearer editor", "Grafana lab", { minTimeout: 1 });
      await assert.rejects(elsewhere.abilities(), /does not answer as Grafana does at .*with the path under which it is served/);
    });

    if (!hasOurDashboards) {
      it("refuses dashboards that it would show empty, before it writes any", async () => {
        await ensureFolder(as("editor"), folder);
        await assert.rejects(
          ensureDashboard(as("editor"), wish()),
          /version 7\.5\.5: these dashboards need 8\.3 or newer.*content: "none"/,
        );
        assert.equal(fake.dashboards.size, 0);
      });
      return;
    }

    describe("with a folder", () => {
      beforeEach(() => ensureFolder(as("editor"), folder));

      it("gets a dashboard once; the same again writes nothing, so that no version comes of it", async () => {
        const first = await ensureDashboard(as("editor"), wish());
        fake.requests.length = 0;
        assert.deepEqual(await ensureDashboard(as("editor"), wish(), { ...first, json: json() }), first);
        assert.deepEqual(writes(), []);
        assert.equal(fake.dashboards.get("k6-run")?.folderUid, "k6");
      });

      it("shows a panel that was edited by hand, or a dashboard that was moved, as another digest, and puts it back", async () => {
        const first = await ensureDashboard(as("editor"), wish());
        const kept = fake.dashboards.get("k6-run")!;
        Object.assign(kept.dashboard, { panels: [], version: 2 });
        const edited = await lookAtDashboard(as("editor"), "k6-run");
        assert.notEqual(edited?.keptDigest, first.keptDigest);
        assert.deepEqual(await ensureDashboard(as("editor"), wish(), { ...first, json: json() }), first);
        fake.dashboards.get("k6-run")!.folderUid = "";
        assert.equal((await lookAtDashboard(as("editor"), "k6-run"))?.folder, "");
        await ensureDashboard(as("editor"), wish(), { ...first, json: json() });
        assert.equal(fake.dashboards.get("k6-run")?.folderUid, "k6");
      });

      it("makes a dashboard anew that was deleted by hand", async () => {
        const first = await ensureDashboard(as("editor"), wish());
        fake.dashboards.clear();
        assert.equal(await lookAtDashboard(as("editor"), "k6-run"), undefined);
        assert.deepEqual(await ensureDashboard(as("editor"), wish(), { ...first, json: json() }), first);
      });

      it("saves again where somebody saved in between (412 version-mismatch)", async () => {
        await ensureDashboard(as("editor"), wish());
        fake.faults.push({
          ...{ to: "POST /tools/grafana/api/dashboards/db", status: 412, times: 1 },
          body: JSON.stringify({ message: "The dashboard has been changed by someone else", status: "version-mismatch" }),
        });
        await ensureDashboard(as("editor"), wish("k6 run, another"));
        assert.equal(fake.dashboards.get("k6-run")?.dashboard.title, "k6 run, another");
      });

      it("does not replace a dashboard of somebody else with our uid, nor removes it", async () => {
        fake.dashboards.set("k6-run", { dashboard: { uid: "k6-run", title: "theirs", version: 3, tags: [] }, folderUid: "" });
        await assert.rejects(ensureDashboard(as("editor"), wish()), /"theirs", without our tag pulumi-k6: it is not replaced/);
        await removeDashboard(as("editor"), wish());
        assert.equal(fake.dashboards.get("k6-run")?.dashboard.version, 3);
      });

      it("does not replace or remove the dashboard that another stack keeps, and does so with one that nobody does", async () => {
        const kept = (owner: string) => ({
          ...wish(),
          json: JSON.stringify({ ...renderDashboard(dashboards()[0]), tags: [dashboardTag, owner] }),
        });
        await ensureDashboard(as("editor"), wish());
        await ensureDashboard(as("editor"), kept("stack:shop/dev"));
        await assert.rejects(
          ensureDashboard(as("editor"), kept("stack:shop/prod")),
          /another stack keeps \(its tag stack:shop\/dev\): it is not replaced.*`bind\.name: "dev"`/s,
        );
        await removeDashboard(as("editor"), kept("stack:shop/prod"));
        assert.deepEqual(fake.dashboards.get("k6-run")?.dashboard.tags, [dashboardTag, "stack:shop/dev"]);
        await ensureDashboard(as("editor"), kept("stack:shop/renamed"), { ...kept("stack:shop/dev"), keptDigest: "" });
        await removeDashboard(as("editor"), kept("stack:shop/renamed"));
        assert.equal(fake.dashboards.size, 0);
      });

      if (version.startsWith("13.")) {
        it("sees what was saved in the form that the older API refuses (406), and puts it back or removes it", async () => {
          const first = await ensureDashboard(as("editor"), wish());
          const edit = () => Object.assign(fake.dashboards.get("k6-run")!, { isNewer: true });
          edit();
          const edited = await lookAtDashboard(as("editor"), "k6-run");
          assert.notEqual(edited?.keptDigest, first.keptDigest);
          assert.equal(edited?.folder, "k6");
          assert.deepEqual(await ensureDashboard(as("editor"), wish(), edited), first);
          edit();
          await removeDashboard(as("editor"), wish());
          assert.equal(fake.dashboards.size, 0);
        });

        it("does not replace a dashboard of somebody else in that form", async () => {
          const theirs = { uid: "k6-run", title: "theirs", version: 3, tags: [] };
          fake.dashboards.set("k6-run", { dashboard: theirs, folderUid: "", isNewer: true });
          await assert.rejects(ensureDashboard(as("editor"), wish()), /"theirs", without our tag/);
        });
      }

      it("does not replace a dashboard of somebody else with our title", async () => {
        const theirs = { dashboard: { uid: "theirs", title: "k6 run", version: 3, tags: [] }, folderUid: "k6" };
        fake.dashboards.set("theirs", theirs);
        const saving = ensureDashboard(as("editor"), wish());
        if (version.startsWith("10.")) {
          await assert.rejects(saving, /would not save dashboard k6-run \(412 A dashboard with the same name/);
        } else {
          await saving;
        }
        assert.equal(fake.dashboards.get("theirs"), theirs);
      });

      it("names the permission that saving takes (403)", async () => {
        await assert.rejects(ensureDashboard(as("viewer"), wish()), /may not save dashboard k6-run.*Editor.*dashboards:create/s);
      });

      it("removes its dashboard, also twice", async () => {
        await ensureDashboard(as("editor"), wish());
        await removeDashboard(as("editor"), wish());
        await removeDashboard(as("editor"), wish());
        assert.equal(fake.dashboards.size, 0);
      });
    });
  });
}
