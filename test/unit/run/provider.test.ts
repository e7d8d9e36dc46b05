import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { gateMessage, pass } from "../../../components/run/gate-provider";
import { diff, read, update, type RunOutputs } from "../../../components/run/provider";
import { runInputs } from "../../support/run-inputs";

const outputs: RunOutputs = {
  ...runInputs(),
  verdict: "fail",
  reasons: ["threshold http_req_duration: p(95)<500 was missed: it is 612.3."],
  runnerReports: [],
  thresholdResults: [],
  figures: { requests: 0, iterations: 0, errorRate: null, requestsPerSecond: null, p50: null, p95: null, p99: null, max: null },
  startedAt: null,
  finishedAt: null,
  resultUrl: "file:///reports/checkout.html",
  exploreUrl: "",
  reportPath: "/reports/checkout.html",
  reportFiles: {
    html: "/reports/checkout.html",
    json: "/reports/checkout.json",
    junit: "/reports/checkout.junit.xml",
    markdown: "/reports/checkout.md",
  },
  resultJson: JSON.stringify({ verdict: "fail", reasons: ["r"], runners: [], thresholds: [], startedAt: null, finishedAt: null }),
};

describe("the run's provider", () => {
  it("sees no change in the same run, however its keys are ordered", () => {
    assert.equal(diff(outputs, runInputs({ env: { B: "2", A: "1" } })).changes, false);
  });

  for (const output of ["exploreUrl", "reportFiles"] as const) {
    it(`gives a run of an earlier version its ${output}, without another run`, async () => {
      const old: Partial<RunOutputs> = { ...outputs };
      delete old[output];
      assert.deepEqual(diff(old, runInputs()), { changes: true, replaces: [], deleteBeforeReplace: true });
      const { outs } = await update(old, runInputs());
      assert.equal(typeof outs[output], typeof outputs[output]);
      assert.equal(diff(outs, runInputs()).changes, false);
    });
  }

  it("replaces the run when its name changes, the old one first", () => {
    assert.deepEqual(diff(outputs, runInputs({ run: "checkout-ffffffff" })), {
      changes: true,
      replaces: ["run"],
      deleteBeforeReplace: true,
    });
  });

  it("expects another run where the name is not known yet", () => {
    assert.deepEqual(diff(outputs, runInputs({ run: pulumi.runtime.unknownValue })).replaces, ["run"]);
  });

  for (const change of [
    { kubeconfig: "new" },
    { context: "new" },
    { readToken: "new" },
    { reportFolder: "new" },
    { ttlSeconds: 90 },
  ]) {
    it(`takes over another ${Object.keys(change).join()} without another run`, async () => {
      const inputs = runInputs(change);
      assert.deepEqual(diff(outputs, inputs), { changes: true, replaces: [], deleteBeforeReplace: true });
      const { outs } = await update(outputs, inputs);
      assert.equal(outs.verdict, "fail");
      assert.deepEqual({ ...outs, ...inputs }, outs);
    });
  }

  it("sees no change where one caller has a k6 to ask and another has none", () => {
    assert.equal(diff(outputs, runInputs({ inspected: false })).changes, false);
  });

  it("sees a change when the cluster is no longer named", () => {
    assert.equal(diff({ ...outputs, context: "lab" }, runInputs()).changes, true);
  });

  it("goes on with a run that has no verdict yet", () => assert.equal(diff(runInputs(), runInputs()).changes, true));

  it("gives back the inputs and nothing else as inputs", () => assert.deepEqual(read("id", outputs).inputs, runInputs()));
});

describe("the gate", () => {
  const { run, verdict, reasons, resultUrl, reportPath } = outputs;
  const gate = { run, verdict, reasons, resultUrl, reportPath };

  it("lets pass what passed", () => assert.deepEqual(pass({ ...gate, verdict: "pass" }), { ...gate, verdict: "pass" }));

  for (const shut of ["fail", "invalid"] as const) {
    it(`stops ${shut} with reasons, URL and report`, () => {
      assert.throws(() => pass({ ...gate, verdict: shut }), { message: gateMessage({ ...gate, verdict: shut }) });
      const message = gateMessage({ ...gate, verdict: shut });
      for (const part of [run, `verdict ${shut}`, reasons[0], resultUrl, reportPath]) {
        assert.ok(message.includes(part), part);
      }
    });
  }
});
