import assert from "node:assert/strict";
import { runnerJob, runnerService, segmentFlags } from "../../simulator/runner";
import { testRun } from "./samples";

const podOf = (...args: Parameters<typeof runnerJob>) => runnerJob(...args).spec!.template.spec!;

describe("runnerJob", () => {
  it("runs k6 without a shell: segment, arguments, script, address, paused and the two tags, in this order", () =>
    assert.deepEqual(podOf(testRun({ args: ["--tag", "testid=shop 1"] }), 2).containers[0].command, [
      "k6",
      "run",
      "--quiet",
      "--execution-segment=1/2:1",
      "--execution-segment-sequence=0,1/2,1",
      "--tag",
      "testid=shop 1",
      "/test/main.js",
      "--address=0.0.0.0:6565",
      "--paused",
      "--tag",
      "instance_id=2",
      "--tag",
      "testrun_name=shop",
    ]));

  it("leaves --quiet and --paused out where the texts say false", () => {
    const command = podOf(testRun({ quiet: "false", paused: "false" }), 1).containers[0].command!;
    assert.ok(!command.includes("--quiet") && !command.includes("--paused"));
  });

  it("is named, labelled and owned so that Kubernetes removes it with its TestRun", () => {
    const { metadata, spec } = runnerJob(testRun({ runner: { metadata: { labels: { app: "mine", team: "a" } } } }), 1);
    assert.equal(metadata?.name, "shop-1");
    assert.deepEqual(metadata?.labels, { app: "k6", team: "a", k6_cr: "shop", runner: "true" });
    assert.deepEqual(spec?.template.metadata?.labels, metadata?.labels);
    const [owner] = metadata?.ownerReferences ?? [];
    assert.deepEqual([owner.kind, owner.uid, owner.controller, owner.blockOwnerDeletion], ["TestRun", "0c1d", true, true]);
  });

  it("never starts a pod again, names its host after the Job and probes k6's API unless told otherwise", () => {
    const job = runnerJob(testRun(), 1);
    const { hostname, restartPolicy, containers } = job.spec!.template.spec!;
    assert.deepEqual([job.spec?.backoffLimit, hostname, restartPolicy], [0, "shop-1", "Never"]);
    assert.deepEqual(containers[0].readinessProbe?.httpGet?.path, "/v1/status");
    const own = { tcpSocket: { port: 6565 }, periodSeconds: 1 };
    assert.deepEqual(podOf(testRun({ runner: { readinessProbe: own } }), 1).containers[0].readinessProbe, own);
  });

  it("mounts the script before the user's volumes", () => {
    const runner = { volumes: [{ name: "tmp", emptyDir: {} }], volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] };
    const { volumes, containers } = podOf(testRun({ runner }), 1);
    assert.deepEqual(
      volumes?.map(({ name }) => name),
      ["k6-test-volume", "tmp"],
    );
    assert.deepEqual(
      containers[0].volumeMounts?.map(({ mountPath }) => mountPath),
      ["/test", "/tmp"],
    );
  });

  it("looks for a script of the image first", () => {
    const [shell, flag, check, path, ...command] = podOf(testRun({ script: { localFile: "/app/x.js" }, args: ["-q"] }), 1)
      .containers[0].command!;
    assert.deepEqual([shell, flag, path, command[0]], ["sh", "-c", "/app/x.js", "k6"]);
    assert.match(check, /LocalFile not found/);
  });

  it("replaces the user's affinity where runners shall be separate", () => {
    const affinity = podOf(testRun({ separate: true, runner: { affinity: { nodeAffinity: {} } } }), 1).affinity;
    assert.equal(affinity?.nodeAffinity, undefined);
    assert.equal(
      affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.[0].topologyKey,
      "kubernetes.io/hostname",
    );
  });
});

describe("runnerService", () => {
  it("leads to the pod of one runner's Job at 6565", () => {
    const { metadata, spec } = runnerService(testRun(), 2);
    assert.equal(metadata?.name, "shop-service-2");
    assert.deepEqual(metadata?.labels, { app: "k6", k6_cr: "shop", runner: "true" });
    assert.deepEqual(spec?.selector, { "job-name": "shop-2" });
    assert.deepEqual(spec?.ports, [{ name: "http-api", port: 6565, protocol: "TCP" }]);
  });
});

describe("segmentFlags", () => {
  it("begins at 0 and ends at 1, literally", () =>
    assert.deepEqual(
      [1, 2, 3].map((index) => segmentFlags(index, 3)[0]),
      ["--execution-segment=0:1/3", "--execution-segment=1/3:2/3", "--execution-segment=2/3:1"],
    ));

  it("gives a single runner none", () => assert.deepEqual(segmentFlags(1, 1), []));
});
