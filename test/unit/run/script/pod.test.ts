import assert from "node:assert/strict";
import { scriptPod } from "../../../../components/run/script/pod";

describe("what a script adds to its pod", () => {
  it("is nothing for a script with a load of its own", () => {
    assert.deepEqual(scriptPod({}), { args: [], inspectArgs: [], env: [], volumes: [], volumeMounts: [] });
  });

  it("is the load, with a word to the harness", () => {
    assert.deepEqual(scriptPod({ load: { vus: 2, duration: "5s" } }).args, [
      "--vus",
      "2",
      "--duration",
      "5s",
      "-e",
      "PULUMI_K6_LOAD=given",
    ]);
  });

  it("is the volume that holds it, to be read only", () => {
    const { volumes, volumeMounts } = scriptPod({ script: { volumeClaim: "scripts" } });
    assert.deepEqual(volumes, [{ name: "volume", persistentVolumeClaim: { claimName: "scripts", readOnly: true } }]);
    assert.deepEqual(volumeMounts, [{ name: "volume", mountPath: "/scripts", readOnly: true }]);
  });

  it("is the ConfigMaps with what did not fit beside the harness, as one folder", () => {
    const { volumes, volumeMounts, env } = scriptPod({ moreConfigMaps: ["shop-script-2-a", "shop-script-3-b"] });
    const sources = [{ configMap: { name: "shop-script-2-a" } }, { configMap: { name: "shop-script-3-b" } }];
    assert.deepEqual(volumes, [{ name: "more", projected: { sources } }]);
    assert.deepEqual(volumeMounts, [{ name: "more", mountPath: "/more", readOnly: true }]);
    assert.deepEqual(env, [{ name: "MORE", value: "/more" }]);
  });

  it("is the names of the files of which each runner has its part", () => {
    assert.deepEqual(scriptPod({ script: { splitFiles: ["a.csv", "b.txt"] } }).env, [
      { name: "SPLIT_FILES", value: "a.csv b.txt" },
    ]);
  });

  it("tells `k6 inspect` of secrets, and of no load, for which it has no flags", () => {
    const pod = scriptPod({ load: { vus: 2, duration: "5s" }, secrets: { name: "shop-secrets-1", env: [] } });
    assert.deepEqual(pod.inspectArgs, ["--secret-source=file=/run/secrets/k6/secrets"]);
    assert.deepEqual(pod.args.slice(-1), pod.inspectArgs);
  });

  it("is its secrets as a file that only its user can read, and none but those that were asked for as variables", () => {
    const pod = scriptPod({ secrets: { name: "shop-secrets-1", env: ["TOKEN"] } });
    assert.deepEqual(pod.args, ["--secret-source=file=/run/secrets/k6/secrets", "-e", "TOKEN=$(SECRET_TOKEN)"]);
    assert.deepEqual(pod.env, [
      { name: "SECRET_TOKEN", valueFrom: { secretKeyRef: { name: "shop-secrets-1", key: "env.TOKEN" } } },
    ]);
    assert.deepEqual(pod.volumes[0].secret, {
      secretName: "shop-secrets-1",
      items: [{ key: "secrets", path: "secrets" }],
      defaultMode: 0o440,
    });
    assert.equal(pod.volumeMounts[0].readOnly, true);
  });
});
