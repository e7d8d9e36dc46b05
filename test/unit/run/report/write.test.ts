import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeReport, type Charts } from "../../../../components/run/report/write";
import type { RunResult } from "../../../../components/run/types";
import { passedRun, shortSeries } from "../../../support/results";

describe("writeReport", () => {
  const windows = { windowSeconds: 0.5, p50: [1, 2], p95: [3, 4] };
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "report-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("writes page and data under the run's name, in a folder that it makes", async () => {
    const files = await writeReport(path.join(folder, "a/b"), passedRun, { series: shortSeries, windows });
    assert.deepEqual(files, {
      html: path.join(folder, "a/b/checkout-3f9a1c2e.html"),
      json: path.join(folder, "a/b/checkout-3f9a1c2e.json"),
      junit: path.join(folder, "a/b/checkout-3f9a1c2e.junit.xml"),
      markdown: path.join(folder, "a/b/checkout-3f9a1c2e.md"),
    });
    const names = ["html", "json", "junit.xml", "md"].map((end) => `checkout-3f9a1c2e.${end}`);
    assert.deepEqual((await readdir(path.join(folder, "a/b"))).sort(), names);
    const data = JSON.parse(await readFile(files.json, "utf8")) as RunResult & Charts;
    assert.deepEqual(data, { ...passedRun, series: shortSeries, windows });
  });

  it("replaces an older report whole", async () => {
    await writeReport(folder, passedRun, { series: shortSeries });
    const { html } = await writeReport(folder, { ...passedRun, verdict: "fail" });
    assert.match(await readFile(html, "utf8"), /<title>fail: checkout-3f9a1c2e<\/title>/);
  });

  it("gives absolute paths for a relative folder", async () => {
    const { html } = await writeReport(path.relative(process.cwd(), folder), passedRun);
    assert.equal(html, path.join(folder, "checkout-3f9a1c2e.html"));
  });
});
