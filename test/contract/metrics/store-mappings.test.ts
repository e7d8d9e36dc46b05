import assert from "node:assert/strict";
import { bucketIds, ensureBucket } from "../../../components/metrics/admin/buckets";
import * as provider from "../../../components/metrics/store-mapping-provider";
import type { MappingInputs } from "../../../components/metrics/store-mapping-provider";
import { TestStore } from "../../support/store";

describe("names for clients of InfluxDB 1 in a real InfluxDB", () => {
  let store: TestStore;
  before(async () => {
    store = await TestStore.start();
    await ensureBucket(store.client, { bucket: "other", retentionSeconds: 0, owner: "", exclusive: true });
  });
  after(() => store?.stop());

  const wish = (changes: Partial<MappingInputs> = {}): MappingInputs => ({
    ...store.access,
    database: "loadtests",
    bucket: "k6",
    ...changes,
  });

  /** The status of a write as k6 does it. */
  async function write(database: string): Promise<number> {
    return (await store.send(`/write?db=${database}`, store.access.adminToken, "vus value=1")).status;
  }

  async function map(database: string, bucket: string): Promise<string> {
    const [bucketID = ""] = await bucketIds(store.client, [bucket]);
    const orgID = await store.client.orgId();
    const body = { orgID, bucketID, database, retention_policy: "autogen", default: true };
    return (await store.client.mappings.postDBRP({ body })).id;
  }

  it("lead to the bucket, until they are removed", async () => {
    assert.equal(await write("loadtests"), 404);
    const { id, outs } = await provider.create(wish());
    assert.equal(await write("loadtests"), 204);
    assert.deepEqual(await provider.read(id, outs), { id, props: outs, inputs: wish() });
    assert.deepEqual((await provider.update(outs, wish())).outs, outs);
    await provider.remove(outs);
    assert.equal(await write("loadtests"), 404);
    assert.deepEqual(await provider.read(id, outs), {});
  });

  it("are not made for a bucket's own name, which InfluxDB maps itself", async () => {
    const { outs } = await provider.create(wish({ database: "k6" }));
    assert.equal(outs.mappingId, "");
    await provider.remove(outs);
    assert.equal(await write("k6"), 204);
  });

  it("are refused where they lead to another bucket already", async () => {
    await map("taken", "other");
    await assert.rejects(
      provider.create(wish({ database: "taken" })),
      /database taken of organisation load is mapped to another bucket/,
    );
  });

  it("that were there before stay when we go", async () => {
    await map("theirs", "k6");
    const { outs } = await provider.create(wish({ database: "theirs" }));
    const { outs: again } = await provider.update(outs, wish({ database: "theirs" }));
    await provider.remove(again);
    assert.equal(await write("theirs"), 204);
  });

  it("are no hindrance where their organisation is gone", async () => {
    const { outs } = await provider.create(wish());
    await provider.remove({ ...outs, org: "gone" });
    await provider.remove(outs);
    assert.equal(await write("loadtests"), 404);
  });
});
