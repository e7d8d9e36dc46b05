import { strict as assert } from "node:assert";
import { deletedEdits, edit } from "../../../lab/build/kubernetes-provider";

// The lines of the provider's deleted.go that the edits are about, in its order.
const original = `import (
	"sync"
	"sync/atomic"
)
	dc.refreshClusterState()
	wg.Wait()
	if err == nil {
		// Still exists.
		dc.deleted.Store(false)
		return
	}
`;

describe("mending the Kubernetes provider", () => {
  it("asks again until the watch ends, and never forgets that an object is gone", () => {
    const mended = edit(original, deletedEdits);
    assert.match(mended, /"time"\n/);
    assert.match(mended, /case <-time\.After\(time\.Second\):\s+dc\.refreshClusterState\(\)/);
    assert.doesNotMatch(mended, /Store\(false\)/);
  });

  it("refuses a text that it was not made for, e.g. that of a mended version", () =>
    assert.throws(() => edit(original.replace("Store(false)", "Load()"), deletedEdits), /0 places like .*Store\(false\)/));

  it("refuses to choose between two places", () => assert.throws(() => edit("a b a", [{ find: "a", replace: "c" }]), /2 places/));
});
