import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { configMapContents, type ConfigMapContent } from "../../../components/run/harness/files";
import { parseInspection } from "../../../components/run/inspection";
import { executable } from "../../support/executables";

describe("the initializer of k6-operator, with our operator.sh in the place of k6", function () {
  this.timeout(30_000);
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-operator-files-"))));
  after(() => rmSync(folder, { recursive: true }));

  function mounted(name: string, contents: ConfigMapContent[]): string {
    const volume = path.join(folder, name);
    mkdirSync(volume);
    for (const { data, binaryData = {} } of contents) {
      Object.entries(data).forEach(([file, text]) => writeFileSync(path.join(volume, file), text));
      Object.entries(binaryData).forEach(([file, text]) => writeFileSync(path.join(volume, file), text, "base64"));
    }
    return volume;
  }

  it("archives a script whose data comes in parts and in pieces", async () => {
    const lines = Array.from({ length: 13_000 }, (_, i) => `${i}${"x".repeat(95)}\n`).join("");
    const script = `
      const part = open('./users.txt').trim().split('\\n').length;
      const all = open('./all.txt').trim().split('\\n').length;
      export const options = { vus: part, iterations: part, tags: { all: String(all) } };
      export default function () {}`;
    const [first, ...others] = configMapContents({
      entry: "./script.js",
      isArchive: false,
      files: {
        "script.js": Buffer.from(script),
        "users.txt.0": Buffer.from("ann\nbob\n"),
        "users.txt.1": Buffer.from("cid\n"),
        "all.txt": Buffer.from(lines),
      },
    });
    assert.equal(others.length, 2);
    const harness = mounted("test", [first]);
    const more = mounted("more", others);
    const archive = path.join(folder, "main.js.archived.tar");
    const operator = (...args: string[]) =>
      execa("sh", [path.join(harness, "operator.sh"), ...args], {
        extendEnv: false,
        env: {
          PATH: `${harness}:${path.dirname(executable("k6"))}:${process.env.PATH}`,
          FOLDER: harness,
          MORE: more,
          SPLIT_FILES: "users.txt",
        },
      });
    await operator("archive", path.join(harness, "main.js"), "-O", archive, "--no-setup");
    const { stdout } = await operator("inspect", "--execution-requirements", archive);
    assert.equal(parseInspection(stdout).maxVUs, 2);
    assert.deepEqual((JSON.parse(stdout) as { tags: object }).tags, { all: "13000" });
  });
});
