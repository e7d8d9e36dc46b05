import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Problems } from "../../../components/errors";
import { readScript, type Script, type ScriptSource } from "../../../components/run/script";

function tried(source: ScriptSource): { script?: Script; problem?: string } {
  const problems = new Problems();
  const script = readScript(source, "script", problems);
  const [problem] = problems.all;
  assert.equal(script === undefined, problem !== undefined);
  return script === undefined ? { problem: `${problem.path}: ${problem.reason}` } : { script };
}

describe("a script", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-script-"))));
  after(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string): ScriptSource {
    const full = path.join(folder, name);
    writeFileSync(full, text);
    return { path: full };
  }

  it("comes from a file, unchanged, with its exports and digest", () => {
    const text = "import http from 'k6/http';\nexport const options = {};\nexport function shop() { http.get('x'); }\n";
    const { script } = tried(file("shop.js", text));
    assert.deepEqual(
      { ...script, digest: script?.digest.length },
      { name: "shop.js", text, language: "javascript", digest: 64, exports: ["options", "shop"] },
    );
  });

  it("may be TypeScript", () => {
    assert.equal(tried(file("shop.ts", "export default function (data: string): void {}")).script?.language, "typescript");
    assert.match(tried(file("shop.js", "export default function (data: string): void {}")).problem ?? "", /cannot be parsed/);
  });

  it("may be CommonJS, as k6 allows", () => assert.ok(tried({ inline: "exports.default = function () {};" }).script));

  const bad: [string, ScriptSource, RegExp][] = [
    [
      "is not JavaScript, showing the place",
      { inline: "export default function () {\n  let x = ];\n}" },
      /script\.js:2:11: Unexpected "\]": `let x = \];`/,
    ],
    ["is empty", { inline: " \n" }, /^script: script script\.js is empty: export a default function/],
    ["exports nothing", { inline: "const a = 1;" }, /exports nothing/],
    ["imports a file beside it", { inline: "import './a.js'; export default () => {}" }, /imports "\.\/a\.js".*--bundle/],
    ["is neither given nor named", {}, /exactly one of `inline`/],
    ["is given twice", { inline: "a", path: "b.js" }, /exactly one of `inline`/],
    ["is not there", { path: "nowhere/shop.js" }, /^script\.path: "nowhere\/shop\.js": there is no such file/],
    ["is an archive", { path: "shop.tar" }, /neither \.js nor \.ts/],
    [
      "is above 1 MiB",
      { inline: `export default () => "${"x".repeat(1024 * 1024)}"` },
      /has 10485\d\d bytes, at most 1015808 fit into a ConfigMap/,
    ],
  ];
  for (const [what, source, message] of bad) {
    it(`is refused when it ${what}`, () => assert.match(tried(source).problem ?? "", message));
  }
});
