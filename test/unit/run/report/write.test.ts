import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeReport } from "../../../../components/run/report/write";
import type { RunResult, RunSeries } from "../../../../components/run/types";
import { passedRun, shortSeries } from "../../../support/results";

describe("writeReport", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "report-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("writes page and data under the run's name, in a folder that it makes", async () => {
    const files = await writeReport(path.join(folder, "a/b"), passedRun, shortSeries);
    assert.deepEqual(files, {
      html: path.join(folder, "a/b/checkout-3f9a1c2e.html"),
      json: path.join(folder, "a/b/checkout-3f9a1c2e.json"),
    });
    assert.deepEqual((await readdir(path.join(folder, "a/b"))).sort(), ["checkout-3f9a1c2e.html", "checkout-3f9a1c2e.json"]);
    const data = JSON.parse(await readFile(files.json, "utf8")) as RunResult & { series: RunSeries };
    assert.deepEqual(data, { ...passedRun, series: shortSeries });
  });

  it("replaces an older report whole", async () => {
    await writeReport(folder, passedRun, shortSeries);
    const { html } = await writeReport(folder, { ...passedRun, verdict: "fail" }, undefined);
    assert.match(await readFile(html, "utf8"), /<title>fail: checkout-3f9a1c2e<\/title>/);
  });

  it("gives absolute paths for a relative folder", async () => {
    const { html } = await writeReport(path.relative(process.cwd(), folder), passedRun, undefined);
    assert.equal(html, path.join(folder, "checkout-3f9a1c2e.html"));
  });
});
