import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Problems } from "../../../../components/errors";
import { readScript } from "../../../../components/run/script/read";
import type { Script, ScriptSource } from "../../../../components/run/script/source";

function tried(source: ScriptSource, runners = 1): { script?: Script; problem?: string } {
  const problems = new Problems();
  const script = readScript(source, { path: "script", runners }, problems);
  const [problem] = problems.all;
  assert.equal(script === undefined, problem !== undefined);
  return script === undefined ? { problem: `${problem.path}: ${problem.reason}` } : { script };
}

describe("a script", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-script-"))));
  after(() => rmSync(folder, { recursive: true }));

  function file(name: string, content: string | Buffer): string {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }
  const text = (script: Script | undefined, name = "script.js") => script?.files[name].toString() ?? "";
  const plain =
    "import http from 'k6/http';\nimport x from 'https://example.com/x.js';\nexport function shop() { http.get(x); }\n";

  it("that stands alone is run byte for byte as it is, under the digest of its bytes", () => {
    const { script } = tried({ path: file("shop.js", plain) });
    assert.deepEqual(script, {
      name: "shop.js",
      digest: createHash("sha256").update(plain).digest("hex"),
      entry: "./script.js",
      isArchive: false,
      files: { "script.js": Buffer.from(plain) },
      splitFiles: [],
    });
  });

  it("in TypeScript is bundled, and so is one that imports files", () => {
    file("lib/price.ts", "export const price: number = 5;");
    const { script } = tried({
      path: file("cart.ts", "import { price } from './lib/price'; import 'k6'; export default (): number => price;"),
    });
    assert.match(text(script), /price = 5/);
    assert.match(text(script), /import "k6"/);
    assert.doesNotMatch(text(script), /: number/);
    file("a.js", "export const a = 'from a';");
    assert.match(text(tried({ path: file("b.js", "import { a } from './a.js'; export default () => a;") }).script), /from a/);
  });

  it("makes the same bundle wherever it lies", () => {
    const made = ["one", "two/deep"].map((where) => {
      file(`${where}/lib/x.js`, "export const x = 1;");
      return tried({ path: file(`${where}/main.js`, "import { x } from './lib/x.js'; export default () => x;") }).script;
    });
    assert.deepEqual(made[0], made[1]);
    assert.doesNotMatch(text(made[0]), new RegExp(path.basename(folder)));
  });

  it("may be CommonJS, as k6 allows, also in several files", () => {
    assert.ok(tried({ inline: "exports.default = function () {};" }).script);
    file("c.js", "exports.c = 7;");
    const { script } = tried({
      path: file("d.js", "const { c } = require('./c.js'); exports.default = () => c; exports.options = {};"),
    });
    assert.match(text(script), /^exports\.options =/m);
  });

  it("takes data files along", () => {
    const users = file("users.csv", "name\nann\n");
    const logo = file("logo.png", Buffer.from([0xff, 0xfe, 0]));
    const { script } = tried({ inline: plain, files: { "users.csv": users, "logo.png": logo } });
    assert.deepEqual(Object.keys(script?.files ?? {}), ["script.js", "users.csv", "logo.png"]);
    const other = tried({ inline: plain, files: { "users.csv": users } }).script;
    assert.notEqual(script?.digest, other?.digest);
  });

  it("gives each runner its part of a split file", () => {
    const { script } = tried({ inline: plain, splitFiles: { "users.csv": file("many.csv", "name\nann\nbob\ncid\n") } }, 2);
    assert.equal(text(script, "users.csv.0"), "name\nann\nbob\n");
    assert.equal(text(script, "users.csv.1"), "name\ncid\n");
    assert.deepEqual(script?.splitFiles, ["users.csv"]);
  });

  it("may be an archive", () => {
    const { script } = tried({ path: file("shop.tar", Buffer.from([0xff, 1])) });
    assert.deepEqual(
      [script?.entry, script?.isArchive, Object.keys(script?.files ?? {})],
      ["./archive.tar", true, ["archive.tar"]],
    );
  });

  it("may lie on a volume or in the image", () => {
    const { script: onVolume } = tried({ volumeClaim: { name: "scripts", file: "shop/main.js" } });
    assert.deepEqual([onVolume?.entry, onVolume?.volumeClaim, onVolume?.files], ["/scripts/shop/main.js", "scripts", {}]);
    const { script: inImage } = tried({ imagePath: "/k6/shop.tar" });
    assert.deepEqual([inImage?.entry, inImage?.isArchive, inImage?.name], ["/k6/shop.tar", true, "shop.tar"]);
  });

  const bad: [string, ScriptSource, RegExp][] = [
    [
      "is not JavaScript, showing the place",
      { inline: "export default function () {\n  let x = ];\n}" },
      /script\.js:2:11: Unexpected "\]": `let x = \];`/,
    ],
    ["is empty", { inline: " \n" }, /^script: script script\.js is empty: export a default function/],
    ["exports nothing", { inline: "const a = 1;" }, /exports nothing/],
    [
      "imports a file that is not there",
      { inline: "import './a.js'; export default () => {}" },
      /Could not resolve "\.\/a\.js".*Check the path/,
    ],
    ["imports a module of Node", { inline: "import 'fs'; export default () => {}" }, /"fs".*k6 has no modules of Node/],
    ["is neither given nor named", {}, /exactly one of `inline`.*none is given/],
    ["is given twice", { inline: "a", path: "b.js" }, /inline and path are given/],
    ["is not there", { path: "nowhere/shop.js" }, /^script\.path: "nowhere\/shop\.js": there is no such file/],
    ["is of another kind", { path: "shop.py" }, /none of \.js, \.ts and \.tar/],
    [
      "is no file of a volume",
      { volumeClaim: { name: "a", file: "../x.js" } },
      /^script\.volumeClaim\.file: "\.\.\/x\.js" is not a path on the volume/,
    ],
    ["is a relative path in an image", { imagePath: "x.js" }, /^script\.imagePath: "x\.js" is not an absolute path/],
    ["brings data to a volume", { imagePath: "/x.js", files: { a: "b" } }, /files and splitFiles go with/],
    [
      "names no data that is there",
      { inline: plain, files: { a: "nowhere" } },
      /^script\.files\.a: "nowhere": there is no such file/,
    ],
    ["puts data into a folder", { inline: plain, files: { "data/a.csv": "x" } }, /without a folder, and open\("\.\/a\.csv"\)/],
    [
      "puts data in the harness's place",
      { inline: plain, files: { "main.js": "x" } },
      /^script\.files\.main\.js: .*Choose another/,
    ],
    [
      "has one name for two files",
      { inline: plain, files: { a: "package.json" }, splitFiles: { a: "x" } },
      /^script\.splitFiles\.a: a is in files too/,
    ],
    ["splits one JSON value", { inline: plain, splitFiles: { "a.json": "x" } }, /one JSON value per line/],
    [
      "is above 8 MiB, saying where else it can be",
      { inline: `export default () => "${"x".repeat(8 * 1024 * 1024)}"` },
      /has 83886\d\d bytes, at most 8388608 \(8 MiB\) are carried in ConfigMaps.*script\.volumeClaim.*script\.imagePath/,
    ],
  ];
  for (const [what, source, message] of bad) {
    it(`is refused when it ${what}`, () => assert.match(tried(source).problem ?? "", message));
  }

  it("is refused when it is above 8 MiB with its data, naming the largest", () => {
    const big = file("big.csv", "x".repeat(8 * 1024 * 1024));
    assert.match(
      tried({ inline: plain, files: { "big.csv": big } }).problem ?? "",
      /with its files \(largest: big\.csv 8388608, script\.js \d+\)/,
    );
  });

  it("is refused when a split file has less than a line for each runner", () => {
    const few = file("few.csv", "name\nann\n");
    assert.match(
      tried({ inline: plain, splitFiles: { "u.csv": few } }, 2).problem ?? "",
      /u\.csv has 1 line below its header, too few for 2 runners/,
    );
  });
});
