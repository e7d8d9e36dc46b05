import assert from "node:assert/strict";
import { parseInspection } from "../../../components/run/inspection";

describe("an inspection", () => {
  it("takes what k6 prints", () => {
    assert.deepEqual(parseInspection('{"vus":null,"totalDuration":"2m10s","maxVUs":180}'), {
      maxVUs: 180,
      totalDurationSeconds: 130,
    });
  });
});
