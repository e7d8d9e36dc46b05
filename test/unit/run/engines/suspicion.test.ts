import assert from "node:assert/strict";
import { Suspicions } from "../../../../components/run/engines/suspicion";

describe("suspicions", () => {
  const image = { about: "runner 1", patienceSeconds: 8 };

  it("are confirmed when they have held for as long as they may", () => {
    const suspicions = new Suspicions();
    assert.deepEqual(suspicions.confirmed([image], 1_000), []);
    assert.deepEqual(suspicions.confirmed([image], 8_999), []);
    assert.deepEqual(suspicions.confirmed([image], 9_000), [image]);
  });

  it("begin anew when they had passed in between", () => {
    const suspicions = new Suspicions();
    suspicions.confirmed([image], 0);
    suspicions.confirmed([], 7_000);
    assert.deepEqual(suspicions.confirmed([image], 9_000), []);
    assert.deepEqual(suspicions.confirmed([image], 17_000), [image]);
  });

  it("hold on when only their words change", () => {
    const suspicions = new Suspicions();
    suspicions.confirmed([{ ...image, cause: "ErrImagePull" }], 0);
    assert.equal(suspicions.confirmed([{ ...image, cause: "ImagePullBackOff" }], 8_000).length, 1);
  });

  it("are confirmed at once where there is nothing to wait for", () => {
    assert.equal(new Suspicions().confirmed([{ about: "deleted", patienceSeconds: 0 }], 5).length, 1);
  });
});
