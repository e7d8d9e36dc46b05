import assert from "node:assert/strict";
import { StoreClient } from "../../../components/metrics/admin/client";
import { ensureSetUp } from "../../../components/metrics/admin/first-setup";
import * as provider from "../../../components/metrics/store-bucket-provider";
import type { BucketInputs } from "../../../components/metrics/store-bucket-provider";
import { TestStore } from "../../support/store";

describe("buckets in a real InfluxDB", () => {
  let store: TestStore;
  before(async () => {
    store = await TestStore.start();
  });
  after(() => store?.stop());

  const hour = 3600;
  const wish = (changes: Partial<BucketInputs> = {}): BucketInputs => ({
    ...store.access,
    bucket: "samples",
    retentionSeconds: 48 * hour,
    owner: "pulumi-k6 shop/dev/store",
    exclusive: false,
    retainData: false,
    ...changes,
  });

  async function found(name: string) {
    const { buckets = [] } = await store.client.buckets.getBuckets({ org: store.access.org });
    return buckets.find((bucket) => bucket.name === name);
  }

  async function patch(bucketID: string, everySeconds: number): Promise<void> {
    const retentionRules = [{ type: "expire" as const, everySeconds, shardGroupDurationSeconds: hour }];
    await store.client.buckets.patchBucketsID({ bucketID, body: { retentionRules } });
  }

  it("are made with their retention and shards to match, and removed with their samples", async () => {
    const { outs } = await provider.create(wish());
    assert.deepEqual((await found("samples"))?.retentionRules, [
      { type: "expire", everySeconds: 48 * hour, shardGroupDurationSeconds: 24 * hour },
    ]);
    assert.equal(outs.adopted, false);
    await provider.remove(outs);
    assert.equal(await found("samples"), undefined);
    await provider.remove(outs);
  });

  it("are the same when they are asked for twice, as after a crash", async () => {
    const { outs: first } = await provider.create(wish());
    const { outs: second } = await provider.create(wish());
    assert.deepEqual(second, first);
    await provider.remove(first);
  });

  it("show a retention that was changed by hand, and get it back", async () => {
    const { id, outs } = await provider.create(wish());
    await patch(outs.bucketId, 2 * hour);
    const seen = await provider.read(id, outs);
    assert.equal(seen.props?.retentionSeconds, 2 * hour);
    assert.equal(seen.inputs?.retentionSeconds, 2 * hour);
    assert.deepEqual(provider.diff(seen.props, wish()), { changes: true, replaces: [] });
    const { outs: mended } = await provider.update(seen.props, wish());
    assert.deepEqual(mended, outs);
    const [rule] = (await found("samples"))?.retentionRules ?? [];
    assert.deepEqual([rule?.everySeconds, rule?.shardGroupDurationSeconds], [48 * hour, 24 * hour]);
    assert.deepEqual(provider.diff(mended, wish()), { changes: false, replaces: [] });
    await provider.remove(outs);
  });

  it("are seen to be gone, also with their organisation", async () => {
    const { id, outs } = await provider.create(wish());
    await provider.remove(outs);
    assert.deepEqual(await provider.read(id, outs), {});
    assert.deepEqual(await provider.read(id, { ...outs, org: "nobody" }), {});
  });

  it("are not seen where the store has been emptied and not been set up again", async () => {
    const { id, outs } = await provider.create(wish());
    const empty = await TestStore.start({ setUp: false });
    try {
      assert.deepEqual(await provider.read(id, { ...outs, url: empty.url }), {});
    } finally {
      await empty.stop();
      await provider.remove(outs);
    }
  });

  it("stay when their samples shall be kept", async () => {
    const { outs } = await provider.create(wish({ retainData: true }));
    await provider.remove(outs);
    assert.equal((await found("samples"))?.id, outs.bucketId);
    await provider.remove({ ...outs, retainData: false });
  });

  it("are taken over when they are there, and stay when we go", async () => {
    const orgID = await store.client.orgId();
    const there = await store.client.buckets.postBuckets({ body: { orgID, name: "theirs", retentionRules: [] } });
    const { outs } = await provider.create(wish({ bucket: "theirs", retentionSeconds: 0 }));
    assert.deepEqual([outs.bucketId, outs.adopted], [there.id, true]);
    const { outs: shorter } = await provider.update(outs, wish({ bucket: "theirs" }));
    assert.equal(shorter.retentionSeconds, 48 * hour, "once taken over, its retention is ours to say");
    await provider.remove(shorter);
    assert.equal((await found("theirs"))?.id, there.id);
  });

  it("refuse to be taken over where that would delete what is in them", async () => {
    const orgID = await store.client.orgId();
    await store.client.buckets.postBuckets({ body: { orgID, name: "precious", retentionRules: [] } });
    await assert.rejects(
      provider.create(wish({ bucket: "precious" })),
      /bucket precious of organisation load was there before and keeps samples for ever; to keep them for 48 h would delete what is older. Give retentionHours: 0/,
    );
    assert.equal((await found("precious"))?.retentionRules[0]?.everySeconds ?? 0, 0);
  });

  it("are ours whoever made them, where the whole store is", async () => {
    const { outs } = await provider.create(wish({ bucket: "precious", exclusive: true }));
    assert.equal(outs.adopted, false);
    await provider.remove(outs);
    assert.equal(await found("precious"), undefined);
  });
});

describe("the first set-up of a real InfluxDB", () => {
  let store: TestStore;
  before(async () => {
    store = await TestStore.start({ setUp: false });
  });
  after(() => store?.stop());

  const adminToken = "an-admin-token-for-tests";
  const setup = { username: "admin", adminPassword: "a-password-for-tests", adminToken, bucket: "k6", retentionSeconds: 3600 };

  it("makes an empty store ours, and is done once", async () => {
    const client = store.clientWith(adminToken);
    assert.equal(await client.isEmpty(), true);
    const orgId = await ensureSetUp(client, setup);
    assert.equal(await client.isEmpty(), false);
    assert.equal(await ensureSetUp(store.clientWith(adminToken), setup), orgId);
  });

  it("adds another organisation to a store that is set up already", async () => {
    const others = new StoreClient(store.url, "others", adminToken);
    assert.equal(await others.findOrgId(), undefined);
    const orgId = await ensureSetUp(others, setup);
    assert.equal(await others.findOrgId(), orgId);
  });

  it("says whose store it is not, when the admin token is another's", async () => {
    await assert.rejects(
      ensureSetUp(store.clientWith("not-ours"), setup),
      /refuses the admin token for organisation load \(401 unauthorized access\).*its volume is another stack's/,
    );
  });
});
