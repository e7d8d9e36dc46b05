import assert from "node:assert/strict";
import { nearest } from "../../../stacks/settings/spelling";

describe("the nearest known word", () => {
  const known = ["retentionHours", "cpu", "memory"];
  const table: [string, string | undefined][] = [
    ["retentionHour", "retentionHours"],
    ["RETENTIONHOURS", "retentionHours"],
    ["cpus", "cpu"],
    ["memroy", "memory"],
    ["disk", undefined],
  ];
  for (const [word, meant] of table) {
    it(`to "${word}" is ${meant ?? "none"}`, () => assert.equal(nearest(word, known), meant));
  }
  it("is none where nothing is known", () => assert.equal(nearest("cpu", []), undefined));
});
