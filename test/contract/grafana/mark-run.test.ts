import assert from "node:assert/strict";
import { onceReady } from "../../../components/grafana/api/client";
import { markRun, type MarkedRun } from "../../../components/grafana/mark-run";
import type { RunResult } from "../../../components/run/types";
import { update, type RunOutputs } from "../../../components/run/provider";
import { FakeGrafana } from "../../support/fake-grafana";
import { runInputs } from "../../support/run-inputs";

const result: RunResult = {
  ...{ schema: 1, run: "checkout-3f9a1c2e", test: "checkout", namespace: "load", engine: "job" },
  ...{ verdict: "fail", reasons: ["too slow"], runners: [], thresholds: [], startSkewMs: null, versions: {}, trigger: "" },
  ...{ startedAt: "2026-11-24T10:00:00.000Z", finishedAt: "2026-11-24T10:01:00.000Z", image: "k6" },
  figures: { requests: 1, iterations: 1, errorRate: 0, requestsPerSecond: 1, p50: 1, p95: 1, p99: 1, max: 1 },
  script: { name: "checkout.js", digest: "0" },
};

describe("marking a run in Grafana (a stand-in)", () => {
  let fake: FakeGrafana;
  let said: string[];
  beforeEach(async () => {
    fake = await new FakeGrafana("13.1.3").start();
    said = [];
  });
  afterEach(() => fake.stop());

  const inputs = (token: string): MarkedRun => ({
    run: result.run,
    grafana: { url: fake.url, org: 1, dataSource: "k6-store" },
    grafanaAuthorization: `Bearer ${token}`,
  });
  const mark = (given: MarkedRun) => markRun(given, result, (line) => said.push(line), { minTimeout: 1 });

  it("writes the verdict once, however often it is done", async () => {
    await mark(inputs("editor"));
    await mark(inputs("editor"));
    assert.equal(fake.annotations.length, 1);
    assert.ok(fake.annotations[0]?.tags.includes("verdict:fail"));
    assert.deepEqual(said, []);
  });

  it("never fails: what went wrong is one line that names run and remedy", async () => {
    await mark(inputs("viewer"));
    assert.match(said.join("\n"), /^run checkout-3f9a1c2e: its verdict is not marked in Grafana: .*role Editor/);
    const given = inputs("editor");
    await fake.stop();
    await mark(given);
    assert.match(said[1] ?? "", /does not answer/);
    fake = await new FakeGrafana("13.1.3").start();
  });

  it("waits for a pod that was replaced just before, and not for ever", async () => {
    let calls = 0;
    const openAfter = (times: number) => () =>
      ++calls > times ? Promise.resolve("open") : Promise.reject(new Error("service load/grafana has no ready pod"));
    assert.equal(await onceReady(openAfter(3), { minTimeout: 1 }), "open");
    calls = 0;
    await assert.rejects(onceReady(openAfter(99), { minTimeout: 1 }), /no ready pod/);
    assert.equal(calls, 6);
  });

  it("asks nothing where there is no Grafana, or nothing that authorizes", async () => {
    await mark({ run: result.run });
    await mark({ ...inputs("editor"), grafanaAuthorization: "" });
    assert.deepEqual([fake.requests, said], [[], []]);
  });

  it("is done, with the link as result, where a Grafana comes later than the run", async () => {
    const olds = {
      ...runInputs(),
      verdict: "fail",
      resultJson: JSON.stringify(result),
      reportPath: "/reports/r.html",
    } as RunOutputs;
    const { run, ...grafana } = inputs("editor");
    const { outs } = await update(olds, runInputs(grafana));
    assert.match(outs.resultUrl, new RegExp(`^${fake.url}/d/k6-run\\?orgId=1&var-datasource=k6-store&var-testid=${run}&from=`));
    assert.match(outs.exploreUrl, /\/explore\?/);
    assert.equal(fake.annotations.length, 1);
    const without = await update(outs, runInputs());
    assert.equal(without.outs.resultUrl, "file:///reports/r.html");
    assert.equal(without.outs.exploreUrl, "");
  });
});
