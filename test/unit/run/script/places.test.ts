import assert from "node:assert/strict";
import { exceptionIn, inAuthorsWords, sourceUrl } from "../../../../components/run/script/places";

describe("a place in a script", () => {
  const rows: [string, string, string][] = [
    ["in a plain script", "at default (file:///test/script.js:12:5(3))", "at default (shop.js:12:5)"],
    ["in a runner's copy of the folder", "at file:///tmp/tmp.Xa1/script.js:1:2(0)", "at shop.js:1:2"],
    ["in a file of a bundle", "at order (script:../lib/orders.ts:4:8(5))", "at order (../lib/orders.ts:4:8)"],
    ["in a file with a space in its name", `at ${sourceUrl("my shop.ts")}:4:8(5)`, "at my shop.ts:4:8"],
    ["on a volume or in an image", "at default (file:///scripts/shop/main.js:3:1(2))", "at default (/scripts/shop/main.js:3:1)"],
    ["that is not the script's", "at summarize (file:///test/harness.js:3:1(2))", "at summarize (/test/harness.js:3:1)"],
  ];
  for (const [what, k6, author] of rows) {
    it(`${what} is told in the author's words`, () => assert.equal(inAuthorsWords(k6, "shop.js"), author));
  }
});

describe("the exception that ended a script", () => {
  const thrown = String.raw`time="2026-11-24T10:20:21Z" level=error msg="Error: no \"token\"\n\tat login (script:lib/login.ts:4:6(14))\n\tat script:shop.ts:1:1(2)\n" hint="script exception"`;

  it("is one line with the place where it was thrown", () => {
    assert.equal(exceptionIn(["other", thrown, "after"], "shop.ts"), 'Error: no "token" at lib/login.ts:4:6');
  });

  it("has no place where the harness refused the script", () => {
    const line = String.raw`time="x" level=error msg="Error: two loads\n\tat refuseTwoLoads (file:///test/harness.js:62:11(31))\n\tat file:///test/main.js:7:1(44)\n" hint="script exception"`;
    assert.equal(exceptionIn([line], "shop.js"), "Error: two loads");
  });

  it("may have no stack", () => {
    const line = String.raw`time="x" level=error msg="GoError: file:///test/script.js: Line 2:1 Unexpected end of input\n" hint="script exception"`;
    assert.equal(exceptionIn([line], "shop.js"), "GoError: file:///test/script.js: Line 2:1 Unexpected end of input");
  });

  it("is not one that an iteration threw: k6 went on", () => {
    const line = String.raw`time="x" level=error msg="Error: later\n\tat default (file:///test/script.js:2:57(5))\n" executor=shared-iterations source=stacktrace`;
    assert.equal(exceptionIn([line], "shop.js"), undefined);
  });
});
