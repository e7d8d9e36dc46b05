import assert from "node:assert/strict";
import fc from "fast-check";
import { split } from "../../../../components/run/script/split";

describe("a split file", () => {
  it("is cut between lines, the first parts one longer", () => {
    assert.deepEqual(split("a.txt", "1\n2\n3\n4\n5\n", 3), ["1\n2\n", "3\n4\n", "5\n"]);
  });

  it("has its header in every part when it is a .csv", () => {
    assert.deepEqual(split("a.csv", "h\r\n1\r\n2", 2), ["h\r\n1\r\n", "h\r\n2\r\n"]);
  });

  it("is not cut inside quotes", () => {
    assert.deepEqual(split("a.csv", 'h\n"a\n""b"\n2\n', 2), ['h\n"a\n""b"\n', "h\n2\n"]);
  });

  it("tells how many lines there are when they are too few", () => {
    assert.deepEqual(split("a.csv", "h\n1\n", 2), { lines: 1 });
    assert.deepEqual(split("a.txt", "", 1), { lines: 0 });
  });

  it("loses no line, doubles none and keeps their order", () => {
    const line = fc.string({ minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
    const law = fc.property(fc.array(line, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 50 }), (lines, parts) => {
      fc.pre(parts <= lines.length);
      const text = lines.map((one) => `${one}\n`).join("");
      const cut = split("a.txt", text, parts);
      assert.ok(Array.isArray(cut));
      assert.equal(cut.length, parts);
      assert.equal(cut.join(""), text);
      assert.ok(cut.every((part) => part !== ""));
    });
    fc.assert(law);
  });
});
