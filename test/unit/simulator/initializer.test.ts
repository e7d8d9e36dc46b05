import assert from "node:assert/strict";
import { initializerCommand, initializerJob } from "../../simulator/initializer";
import type { TestRunSpec } from "../../simulator/test-run";
import { testRun } from "./samples";

const containerOf = (spec: Partial<TestRunSpec>) => initializerJob(testRun(spec)).spec!.template.spec!.containers[0];

describe("initializerJob", () => {
  it("is named and labelled without the runners' label", () => {
    const { metadata } = initializerJob(testRun());
    assert.equal(metadata?.name, "shop-initializer");
    assert.deepEqual(metadata?.labels, { app: "k6", k6_cr: "shop" });
  });

  it("takes the runner's image and env where spec.initializer is left out altogether", () => {
    const { image, env } = containerOf({ runner: { image: "k6:1", env: [{ name: "A", value: "1" }] } });
    assert.deepEqual([image, env], ["k6:1", [{ name: "A", value: "1" }]]);
  });

  it("takes nothing of the runner where spec.initializer says anything", () => {
    const { image, env } = containerOf({
      runner: { image: "k6:1", env: [{ name: "A", value: "1" }] },
      initializer: { disabled: false },
    });
    assert.deepEqual([image, env], ["grafana/k6:latest", undefined]);
  });

  it("has no probes", () => assert.equal(containerOf({}).readinessProbe, undefined));

  it("passes spec.args on word by word, and env for the kubelet to fill in", () => {
    const { command } = containerOf({ args: ["--tag", "a=b c", "--out", "json"], runner: { env: [{ name: "A", value: "1" }] } });
    assert.deepEqual(command?.slice(3), [
      "/tmp/main.js.archived.tar",
      "k6",
      "archive",
      "/test/main.js",
      "-e",
      "A=$(A)",
      "-O",
      "/tmp/main.js.archived.tar",
      "--tag",
      "a=b c",
    ]);
  });

  it("writes spec.arguments into the shell's program, where quotes join what the runner gets in pieces", () => {
    const [program] = initializerCommand(testRun({ arguments: "--env 'MSG=a b'" }).spec, "/test/main.js", "/tmp/a.tar", [
      { name: "A" },
    ]);
    assert.match(program, /k6 archive \/test\/main\.js -e A="\$\{A\}" -O \/tmp\/a\.tar --env 'MSG=a b'/);
  });
});
