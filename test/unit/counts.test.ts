import { strict as assert } from "node:assert";
import { countsOf } from "../counts";

describe("countsOf", () => {
  it("reads them with a mark before each line", () => {
    assert.deepEqual(countsOf("[lab tests]   12 passing (3s)\n[lab tests]   2 failing\n", 2), { passed: 12, failed: 2 });
  });

  it("reads what passed and what failed", () => {
    assert.deepEqual(countsOf("  12 passing (3s)\n  2 failing\n", 2), { passed: 12, failed: 2 });
  });
  it("counts a test that was left out as failed", () => {
    assert.deepEqual(countsOf("  12 passing (3s)\n  1 pending\n", 0), { passed: 12, failed: 1 });
  });
  it("counts a runner that crashed before its summary as one failure", () => {
    assert.deepEqual(countsOf("Error: cannot find module", 1), { passed: 0, failed: 1 });
  });
  it("counts a runner that ran nothing as one failure", () => {
    assert.deepEqual(countsOf("  0 passing (1ms)\n", 0), { passed: 0, failed: 1 });
  });
});
