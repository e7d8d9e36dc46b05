import assert from "node:assert/strict";
import { ensureBucket } from "../../../components/metrics/admin/buckets";
import * as provider from "../../../components/metrics/store-token-provider";
import type { TokenInputs } from "../../../components/metrics/store-token-provider";
import { FakeApi } from "../kube/fake-api";
import { TestStore } from "../../support/store";

describe("tokens of a real InfluxDB", () => {
  let store: TestStore;
  before(async () => {
    store = await TestStore.start();
    await ensureBucket(store.client, { bucket: "rolled-up", retentionSeconds: 0, owner: "", exclusive: true });
  });
  after(() => store?.stop());

  const wish = (changes: Partial<TokenInputs> = {}): TokenInputs => ({
    ...store.access,
    action: "write",
    buckets: ["k6"],
    owner: "pulumi-k6 shop/dev/store",
    rotation: "1",
    exclusive: true,
    ...changes,
  });

  async function descriptions(): Promise<(string | undefined)[]> {
    const { authorizations = [] } = await store.client.authorizations.getAuthorizations({ org: store.access.org });
    return authorizations.map(({ description }) => description).filter((one) => one?.startsWith("pulumi-k6"));
  }

  it("may write one bucket and read nothing", async () => {
    const { outs } = await provider.create(wish());
    assert.equal(await store.write(outs.token, "k6", "vus value=1"), 204);
    assert.equal(await store.write(outs.token, "rolled-up", "vus value=1"), 403);
    assert.equal(await store.query(outs.token, "k6"), 404);
    await provider.remove(outs);
  });

  it("may read the buckets that they are for and write none", async () => {
    const { outs } = await provider.create(wish({ action: "read", buckets: ["k6", "rolled-up"] }));
    assert.deepEqual([await store.query(outs.token, "k6"), await store.query(outs.token, "rolled-up")], [200, 200]);
    assert.equal(await store.write(outs.token, "k6", "vus value=1"), 403);
    await provider.remove(outs);
    assert.equal(await store.query(outs.token, "k6"), 401);
  });

  it("stay what they are while nothing changes", async () => {
    const { id, outs } = await provider.create(wish());
    assert.deepEqual(await provider.read(id, outs), { id, props: outs, inputs: wish() });
    assert.deepEqual((await provider.update(outs, wish())).outs, outs);
    assert.deepEqual(provider.diff(outs, wish()), { changes: false, replaces: [], deleteBeforeReplace: false });
    await provider.remove(outs);
  });

  it("are rotated without a gap: both work until the old one is removed", async () => {
    const { outs: old } = await provider.create(wish());
    assert.deepEqual(provider.diff(old, wish({ rotation: "2" })), {
      changes: true,
      replaces: ["rotation"],
      deleteBeforeReplace: false,
    });
    const { outs: now } = await provider.create(wish({ rotation: "2" }));
    assert.notEqual(now.token, old.token);
    assert.deepEqual(
      [await store.write(old.token, "k6", "vus value=1"), await store.write(now.token, "k6", "vus value=1")],
      [204, 204],
    );
    await provider.remove(old);
    assert.deepEqual(
      [await store.write(old.token, "k6", "vus value=1"), await store.write(now.token, "k6", "vus value=1")],
      [401, 204],
    );
    await provider.remove(now);
    await provider.remove(now);
  });

  it("are revoked when the last pod that carries them is gone", async () => {
    const api = await FakeApi.start();
    const asked: (string | null)[] = [];
    const answers: number[] = [];
    try {
      const { outs } = await provider.create(wish({ kubeconfig: api.kubeconfig(), holdersIn: "load" }));
      api.misbehave = (_, response, url) => {
        asked.push(`${url.pathname} ${url.searchParams.get("labelSelector")}`);
        const items = asked.length < 3 ? [{ metadata: { name: "gateway-1" } }] : [];
        void store.write(outs.token, "k6", "vus value=1").then((status) => {
          answers.push(status);
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items }));
        });
        return true;
      };
      await provider.remove(outs);
      assert.deepEqual(asked, Array(3).fill(`/api/v1/namespaces/load/pods pulumi-k6/store-token=${outs.tokenId}`));
      assert.deepEqual(answers, [204, 204, 204]);
      assert.equal(await store.write(outs.token, "k6", "vus value=1"), 401);
    } finally {
      await api.stop();
    }
  });

  it("are revoked also where the cluster does not say who carries them", async () => {
    const silent = await FakeApi.start();
    const { outs } = await provider.create(wish({ kubeconfig: silent.kubeconfig(), holdersIn: "load" }));
    silent.misbehave = (_, response) => {
      response.writeHead(403, { "Content-Type": "application/json" }).end(JSON.stringify({ kind: "Status", code: 403 }));
      return true;
    };
    await provider.remove(outs).finally(() => silent.stop());
    assert.equal(await store.write(outs.token, "k6", "vus value=1"), 401);
  });

  it("of a call that was cut off before anybody knew them are revoked by the next", async () => {
    const { outs: lost } = await provider.create(wish());
    const { outs: made } = await provider.create(wish());
    assert.equal(await store.write(lost.token, "k6", "vus value=1"), 401);
    assert.equal(await store.write(made.token, "k6", "vus value=1"), 204);
    assert.equal((await descriptions()).length, 1);
    await provider.remove(made);
  });

  it("of another stack are left alone", async () => {
    const { outs: theirs } = await provider.create(wish({ owner: "pulumi-k6 shop/prod/store" }));
    const { outs: ours } = await provider.create(wish());
    await provider.remove(ours);
    assert.equal(await store.write(theirs.token, "k6", "vus value=1"), 204);
    await provider.remove(theirs);
  });

  it("of versions that knew no rotation go with the first that is removed, where the store is ours", async () => {
    const orgID = await store.client.orgId();
    const { buckets: [bucket] = [] } = await store.client.buckets.getBuckets({ orgID, name: "k6" });
    await store.client.authorizations.postAuthorizations({
      body: {
        orgID,
        description: "pulumi-k6 write k6",
        permissions: [{ action: "write", resource: { type: "buckets", id: bucket.id, orgID } }],
      },
    });
    const { outs } = await provider.create(wish());
    assert.equal((await descriptions()).length, 2);
    const { outs: guest } = await provider.create(wish({ exclusive: false, owner: "pulumi-k6 shop/prod/store" }));
    await provider.remove(guest);
    assert.equal((await descriptions()).length, 2);
    await provider.remove(outs);
    assert.deepEqual(await descriptions(), []);
  });

  const damages: [string, (tokenId: string) => Promise<unknown>][] = [
    ["revoked", (authID) => store.client.authorizations.deleteAuthorizationsID({ authID })],
    ["switched off", (authID) => store.client.authorizations.patchAuthorizationsID({ authID, body: { status: "inactive" } })],
  ];
  for (const [what, damage] of damages) {
    it(`that were ${what} by hand are seen to be gone, so that new ones are made`, async () => {
      const { id, outs } = await provider.create(wish());
      await damage(outs.tokenId);
      assert.deepEqual(await provider.read(id, outs), {});
      const { outs: made } = await provider.create(wish());
      assert.equal(await store.write(made.token, "k6", "vus value=1"), 204);
      assert.equal((await descriptions()).length, 1);
      await provider.remove(made);
    });
  }

  it("are made anew where another address leads to another store", async () => {
    const other = await TestStore.start();
    try {
      const { outs } = await provider.create(wish());
      assert.equal(provider.diff(outs, wish({ url: other.url })).changes, true);
      const { outs: there } = await provider.update(outs, wish({ url: other.url }));
      assert.notEqual(there.token, outs.token);
      assert.equal(await other.write(there.token, "k6", "vus value=1"), 204);
      await provider.remove(outs);
    } finally {
      await other.stop();
    }
  });
});
