import assert from "node:assert/strict";
import { jobManifest } from "../../../components/run/engines/job/manifests";
import { inspectionJob, inspectionName } from "../../../components/run/inspect-job";
import type { RunInputs } from "../../../components/run/types";
import { runInputs } from "../../support/run-inputs";

const inputs: RunInputs = runInputs({
  script: { volumeClaim: "scripts", splitFiles: ["users.csv"] },
  moreConfigMaps: ["checkout-script-2"],
  secrets: { name: "checkout-secrets", env: ["TOKEN"] },
  load: { vus: 3, stages: [{ duration: "5s", target: 3 }] },
  env: { COST: "$(5) $x" },
});

describe("the Job that asks k6 about a script", () => {
  const { metadata, spec } = inspectionJob(inputs);
  const pod = spec!.template.spec!;
  const runner = jobManifest(inputs, { apiVersion: "v1", kind: "ConfigMap", name: "r", uid: "u" }).spec!.template.spec!;
  const [[asking], [running]] = [pod.containers, runner.containers];

  it("has what a runner has: image, resources, files, volumes and security", () => {
    for (const key of ["image", "imagePullPolicy", "resources", "securityContext", "volumeMounts"] as const) {
      assert.deepEqual(asking[key], running[key], key);
    }
    for (const key of ["volumes", "securityContext", "automountServiceAccountToken", "enableServiceLinks"] as const) {
      assert.deepEqual(pod[key], runner[key], key);
    }
  });

  it("gives the script its variables and secrets, and nothing of the store", () => {
    assert.deepEqual(asking.args, [
      "--secret-source=file=/run/secrets/k6/secrets",
      "-e",
      "TOKEN=$(SECRET_TOKEN)",
      "-e",
      "COST=$$(5) $x",
    ]);
    const names = asking.env!.map(({ name }) => name);
    assert.deepEqual(names, ["LOAD", "K6_AUTO_EXTENSION_RESOLUTION", "MORE", "SPLIT_FILES", "SECRET_TOKEN"]);
    assert.equal(asking.env![0].value, "K6_VUS=3 K6_STAGES=5s:3");
  });

  it("is reached by the policies of the test's runners, and is none of the run's", () => {
    const { labels } = spec!.template.metadata!;
    assert.deepEqual([labels!["pulumi-k6/role"], labels!["pulumi-k6/test"]], ["runner", inputs.test]);
    assert.notEqual(labels!["pulumi-k6/run"], inputs.run);
    assert.deepEqual(metadata!.labels, labels);
  });

  it("has a name that is a label, however long the test's", () => {
    assert.equal(inspectionName(`${"x".repeat(50)}-3f9a1c2e`).length, 63);
  });

  it("ends and goes by itself", () => {
    assert.equal(spec!.backoffLimit, 0);
    assert.equal(spec!.activeDeadlineSeconds, inputs.startDeadlineSeconds);
    assert.equal(spec!.ttlSecondsAfterFinished, 60);
  });
});
