import assert from "node:assert/strict";
import fc from "fast-check";
import { controllerMemoryMi, controllerResources } from "../../../components/operator/sizing";

describe("the size of a controller", () => {
  it("never goes below 256 Mi, where it was seen to run out of memory", () => {
    assert.equal(controllerMemoryMi(0), 256);
    assert.equal(controllerMemoryMi(20), 256);
  });

  it("grows with the runners", () => {
    assert.equal(controllerMemoryMi(350), 384);
    assert.equal(controllerMemoryMi(1000), 832);
  });

  it("leaves twice of what was measured, whatever the number of runners", () =>
    fc.assert(fc.property(fc.nat(5000), (runners) => controllerMemoryMi(runners) >= 2 * (49 + 0.35 * runners))));

  it("guarantees memory and lets CPU burst", () => {
    const { requests, limits } = controllerResources(20);
    assert.equal(requests.memory, limits.memory);
    assert.deepEqual([requests.cpu, limits.cpu], ["100m", "500m"]);
  });
});
