import assert from "node:assert/strict";
import * as fc from "fast-check";
import { configMapContents } from "../../../../components/run/harness/files";
import { shareOut } from "../../../../components/run/script/pieces";

type Files = Record<string, Buffer>;

/** What folder.sh makes of them: whole files as they are, pieces put together in the order of their names. */
function putTogether(shares: Files[]): Files {
  const pieces = shares.flatMap((files) => Object.entries(files)).sort(([a], [b]) => (a < b ? -1 : 1));
  const made: Files = {};
  for (const [key, content] of pieces) {
    const name = key.replace(/^\.\d\d\./, "");
    made[name] = Buffer.concat([made[name] ?? Buffer.alloc(0), content]);
  }
  return made;
}

const sorted = (files: Files) => Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
const sizeOf = (files: Files) => Object.values(files).reduce((sum, { length }) => sum + length, 0);

describe("files that are shared out to ConfigMaps", () => {
  it("stay together where they fit into one", () => {
    const files = { "script.js": Buffer.from("a".repeat(60)), "users.csv": Buffer.from("b".repeat(40)) };
    assert.deepEqual(shareOut(files, 100), [files]);
  });

  it("come in pieces where they do not, with nothing but whole files beside the harness", () => {
    const files = { "script.js": Buffer.from("s"), "users.csv": Buffer.from("0123456789"), "empty.txt": Buffer.alloc(0) };
    const shares = shareOut(files, 4);
    assert.deepEqual(
      shares.map((share) => Object.entries(share).map(([key, content]) => `${key}=${content.toString()}`)),
      [["script.js=s"], [".00.users.csv=0123"], [".01.users.csv=4567"], [".02.users.csv=89", "empty.txt="]],
    );
  });

  it("are what they were when they are put together, in ConfigMaps that are full but for the last, and none is too large", () => {
    const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}\.[0-9]$/), fc.uint8Array({ maxLength: 60 }), { maxKeys: 6 });
    fc.assert(
      fc.property(files, (contents) => {
        const given = Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, Buffer.from(content)]));
        const shares = shareOut(given, 16);
        assert.deepEqual(sorted(putTogether(shares)), sorted(given));
        assert.ok(shares.every((share) => sizeOf(share) <= 16));
        assert.ok(shares.slice(1, -1).every((share) => sizeOf(share) === 16));
      }),
    );
  });

  it("are text in a ConfigMap where a piece is text, and base64 where it ends within a letter", () => {
    const text = "ä".repeat(1024 * 1024);
    const [first, ...more] = configMapContents({
      entry: "./script.js",
      isArchive: false,
      files: { "script.js": Buffer.from("export default () => {}"), "umlauts.txt": Buffer.from(`.${text}`) },
    });
    assert.ok("main.js" in first.data && "script.js" in first.data && !("umlauts.txt" in first.data));
    assert.equal(more.length, 3);
    const bytes = more.map(({ data, binaryData = {} }) =>
      Buffer.concat([
        ...Object.values(data).map((content) => Buffer.from(content)),
        ...Object.values(binaryData).map((content) => Buffer.from(content, "base64")),
      ]),
    );
    assert.equal(Buffer.concat(bytes).toString("utf8"), `.${text}`);
  });
});
