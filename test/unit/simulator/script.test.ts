import assert from "node:assert/strict";
import { scriptOf } from "../../simulator/script";
import type { TestRunSpec } from "../../simulator/test-run";

const pathOf = (script: TestRunSpec["script"]): string => scriptOf({ script }).path;

describe("the script of a TestRun", () => {
  const cases: [string, TestRunSpec["script"], string][] = [
    ["a ConfigMap's key under /test", { configMap: { name: "s", file: "main.js" } }, "/test/main.js"],
    ["test.js where no key is named", { configMap: { name: "s" } }, "/test/test.js"],
    [
      "a claim's file before a ConfigMap's",
      { volumeClaim: { name: "c", file: "a/b.js" }, configMap: { name: "s" } },
      "/test/a/b.js",
    ],
    ["a ConfigMap's key before a file of the image", { configMap: { name: "s" }, localFile: "/app/x.js" }, "/test/test.js"],
    ["a file of the image", { localFile: "/app/x.js" }, "/app/x.js"],
  ];
  for (const [what, script, path] of cases) {
    it(`is ${what}`, () => assert.equal(pathOf(script), path));
  }

  it("mounts a claim at the folder of an absolute file", () => {
    const { path, volumeMounts } = scriptOf({ script: { volumeClaim: { name: "c", file: "/data/b.js", readOnly: true } } });
    assert.equal(path, "/data/b.js");
    assert.deepEqual(volumeMounts, [{ name: "k6-test-volume", mountPath: "/data/", readOnly: true }]);
  });

  it("is an error where an empty object passes the schema", () =>
    assert.throws(() => scriptOf({ script: {} }), /names no configMap/));
});
