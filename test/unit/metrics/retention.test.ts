import assert from "node:assert/strict";
import { shardGroupSeconds } from "../../../components/metrics/retention";

describe("the span of a shard group", () => {
  const table: [string, number, number][] = [
    ["an hour for the shortest retention", 3600, 3600],
    ["an hour below two days", 2 * 86400 - 1, 3600],
    ["a day from two days on", 2 * 86400, 86400],
    ["a day up to half a year", 180 * 86400, 86400],
    ["a week beyond", 180 * 86400 + 1, 7 * 86400],
    ["a week for data that is kept for ever", 0, 7 * 86400],
  ];
  for (const [what, retention, expected] of table) {
    it(`is ${what}`, () => assert.equal(shardGroupSeconds(retention), expected));
  }
});
