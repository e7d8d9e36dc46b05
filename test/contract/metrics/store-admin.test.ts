import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StoreWish } from "../../../components/metrics/store-admin";
import { StoreAdmin } from "../../../components/metrics/store-admin";
import { executable } from "../../support/executables";
import type { InfluxDbProcess } from "../../support/influxdb";
import { startInfluxDb } from "../../support/influxdb";

describe("the administration of a real InfluxDB", () => {
  let folder: string;
  let influxdb: InfluxDbProcess;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "store-admin-"));
    influxdb = await startInfluxDb(executable("influxd"), folder, { setUp: false });
  });
  after(async () => {
    await influxdb?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const wish: StoreWish = {
    org: "load-tests",
    bucket: "k6",
    retentionSeconds: 3600,
    username: "admin",
    adminPassword: "a-password-for-tests",
    adminToken: "an-admin-token-for-tests",
  };
  const admin = (changes: Partial<StoreWish> = {}) => new StoreAdmin(influxdb.url, { ...wish, ...changes });

  /** The status with which the store answers a sample written as k6 writes it, and a query. */
  async function may(token: string): Promise<{ write: number; query: number }> {
    const write = await fetch(`${influxdb.url}/write?db=k6`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`k6:${token}`)}` },
      body: "vus value=1",
    });
    const query = await fetch(`${influxdb.url}/api/v2/query?org=load-tests`, {
      method: "POST",
      headers: { authorization: `Token ${token}`, "content-type": "application/vnd.flux" },
      body: 'from(bucket: "k6") |> range(start: -1m)',
    });
    return { write: write.status, query: query.status };
  }

  it("sets an empty store up, with a token each for writing and for reading", async () => {
    assert.equal(await admin().isEmpty(), true);
    const { write, read } = await admin().ensure({});
    assert.equal(await admin().isEmpty(), false);
    assert.deepEqual(await may(write.token), { write: 204, query: 404 });
    assert.deepEqual(await may(read.token), { write: 403, query: 200 });
  });

  it("changes nothing when it is called again with the tokens that it gave", async () => {
    const first = await admin().ensure({});
    assert.deepEqual(await admin().ensure(first), first);
    assert.deepEqual(await admin().look(first), first);
  });

  it("makes new tokens where their values are not known, and revokes the old ones", async () => {
    const lost = await admin().ensure({});
    const found = await admin().ensure({});
    assert.notEqual(found.write.token, lost.write.token);
    assert.equal((await may(lost.write.token)).write, 401);
    assert.equal((await may(found.write.token)).write, 204);
  });

  it("sees a retention that was changed by hand, and puts it back", async () => {
    const content = await admin().ensure({});
    await admin({ retentionSeconds: 7200 }).ensure(content);
    assert.equal((await admin().look(content))?.retentionSeconds, 7200);
    await admin().ensure(content);
    assert.equal((await admin().look(content))?.retentionSeconds, 3600);
  });

  it("sees a token that was revoked by hand, and makes a new one in its place only", async () => {
    const content = await admin().ensure({});
    const answer = await fetch(`${influxdb.url}/api/v2/authorizations/${content.read.id}`, {
      method: "DELETE",
      headers: { authorization: `Token ${wish.adminToken}` },
    });
    assert.equal(answer.status, 204);
    const seen = await admin().look(content);
    assert.deepEqual(seen?.write, content.write);
    assert.equal(seen?.read, undefined);
    const mended = await admin().ensure({ write: seen?.write });
    assert.deepEqual(mended.write, content.write);
    assert.deepEqual(await may(mended.read.token), { write: 403, query: 200 });
  });

  it("adds another organisation and bucket to a store that is set up already", async () => {
    const other = admin({ org: "others", bucket: "more", retentionSeconds: 0 });
    assert.equal(await other.look({}), undefined);
    const content = await other.ensure({});
    assert.equal((await other.look(content))?.retentionSeconds, 0);
  });

  it("says whose store it is not, when the admin token is another's", async () => {
    await assert.rejects(admin({ adminToken: "not-ours" }).ensure({}), /load-tests refuses this stack's admin token/);
  });
});
