import assert from "node:assert/strict";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Permission } from "@influxdata/influxdb-client-apis";
import { withStore } from "../../../components/metrics/admin/access";
import { ensureBucket, removeBucket } from "../../../components/metrics/admin/buckets";
import { ensureMapping, removeMapping } from "../../../components/metrics/admin/mappings";
import { ensureTask, removeTask } from "../../../components/metrics/admin/tasks";
import { ensureToken, revokeToken } from "../../../components/metrics/admin/tokens";
import { freePort } from "../../support/influxdb";
import { TestStore } from "../../support/store";

const flux = 'option task = {name: "t", every: 1h}\nfrom(bucket: "k6") |> range(start: -1h)';
const wish = { bucket: "samples", retentionSeconds: 3600, owner: "us", exclusive: false };

describe("what a real InfluxDB refuses", () => {
  let store: TestStore;
  before(async () => {
    store = await TestStore.start();
  });
  after(() => store?.stop());

  /** A client whose token may do only this. */
  async function clientThatMay(...rights: [Permission["action"], Permission["resource"]["type"]][]) {
    const orgID = await store.client.orgId();
    const { authorizations: [{ userID = "" }] = [] } = await store.client.authorizations.getAuthorizations({ orgID });
    const ids: Record<string, string> = { orgs: orgID, users: userID };
    const permissions = rights.map(([action, type]): Permission => ({
      action,
      resource: { type, ...(type in ids ? { id: ids[type] } : { orgID }) },
    }));
    const { token } = await store.client.authorizations.postAuthorizations({ body: { orgID, permissions } });
    return store.clientWith(token as string);
  }

  it("is said to be the token, where the store does not know it (401)", async () => {
    await assert.rejects(
      ensureBucket(store.clientWith("made-up"), wish),
      /^StoreRefusal: store http:\S+ refuses the admin token for organisation load \(401 unauthorized access\): the token was revoked or/,
    );
  });

  it("is said to be a right, with its name, where the token lacks one (401 or 403)", async () => {
    const reader = await clientThatMay(["read", "orgs"], ["read", "buckets"], ["read", "tasks"]);
    await assert.rejects(
      ensureBucket(reader, wish),
      /may not create bucket samples in organisation load \(\d{3} .*\)\. It needs the right to write buckets: give an all-access token/,
    );
    await assert.rejects(
      ensureToken(reader, { action: "read", buckets: ["k6"], owner: "us", rotation: "1" }),
      /may not create a token in organisation load \(\d{3} .*\)\. It needs the right to write authorizations/,
    );
    await assert.rejects(ensureTask(reader, { task: "t", flux }), /may not create task t in/);
  });

  it("is said to be the organisation, where it is not there or not for this token (404)", async () => {
    const blind = await clientThatMay(["read", "buckets"], ["write", "buckets"]);
    for (const client of [blind, store.clientIn("nobody")]) {
      await assert.rejects(
        ensureBucket(client, wish),
        /has no organisation (load|nobody) that the admin token may see: check its name/,
      );
    }
  });

  it("is told in the store's own words, where it is something else (400)", async () => {
    await assert.rejects(
      ensureBucket(store.client, { ...wish, bucket: "_reserved" }),
      /would not create bucket _reserved in organisation load \(400 bucket name _reserved is invalid/,
    );
  });

  it("is nothing of what a token with rights to organisation, user, buckets, tasks, tokens and mappings asks for", async () => {
    const types = ["orgs", "users", "buckets", "tasks", "authorizations", "dbrp"] as const;
    const actions = ["read", "write"] as const;
    const enough = await clientThatMay(
      ...types.flatMap((type) => actions.map((action): [Permission["action"], Permission["resource"]["type"]] => [action, type])),
    );
    const { bucketId } = await ensureBucket(enough, wish);
    const { taskId } = await ensureTask(enough, { task: "t", flux });
    const { tokenId } = await ensureToken(enough, { action: "read", buckets: ["samples"], owner: "us", rotation: "1" });
    const { mappingId } = await ensureMapping(enough, { database: "v1", bucket: "samples" });
    await removeMapping(enough, mappingId);
    await revokeToken(enough, tokenId);
    await removeTask(enough, taskId);
    await removeBucket(enough, bucketId);
  });

  it("leaves out the token", async () => {
    await assert.rejects(ensureBucket(store.clientWith("a-token-of-ours"), wish), (error: Error) => {
      assert.doesNotMatch(`${error.stack}`, /a-token-of-ours/);
      return true;
    });
  });
});

describe("a store that errs for a while", () => {
  let store: TestStore;
  let faults: Server;
  let left: number;
  let asked: number;
  before(async () => {
    store = await TestStore.start();
  });
  after(() => store?.stop());
  afterEach(() => faults?.close());

  /** Stands before the store and answers the first requests of a method itself: with a status, or by hanging up after the store did as it was told. */
  async function faulty(fault: { method: string; status?: number; times: number }): Promise<string> {
    left = fault.times;
    asked = 0;
    faults = createServer((incoming, outgoing) => {
      const isHit = incoming.method === fault.method && left > 0;
      asked += incoming.method === fault.method ? 1 : 0;
      left -= isHit ? 1 : 0;
      if (isHit && fault.status !== undefined) {
        outgoing.writeHead(fault.status, { "content-type": "application/json" }).end('{"message":"not now"}');
        return;
      }
      const { method, headers, url = "" } = incoming;
      const onward = request(new URL(url, store.url), { method, headers }, (answer) => {
        if (isHit) {
          answer.resume().on("end", () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => faults.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(faults.address() as AddressInfo).port}`;
  }

  const soon = { minTimeout: 20 };
  const token = { action: "write" as const, buckets: ["k6"], owner: "us", rotation: "1" };

  for (const status of [429, 500, 503]) {
    it(`is asked again after ${status}`, async () => {
      const url = await faulty({ method: "POST", status, times: 2 });
      const { adopted } = await withStore(
        { ...store.access, url },
        (client) => ensureBucket(client, { ...wish, bucket: `b${status}` }),
        soon,
      );
      assert.equal(adopted, false);
      assert.equal(asked, 3);
    });
  }

  it("is not asked again after a refusal", async () => {
    const url = await faulty({ method: "POST", status: 422, times: 1 });
    await assert.rejects(
      withStore({ ...store.access, url }, (client) => ensureBucket(client, wish), soon),
      /422 not now/,
    );
    assert.equal(asked, 1);
  });

  it("holds one token, and the one that we know, where its answer to the creation was lost", async () => {
    const url = await faulty({ method: "POST", times: 1 });
    const made = await withStore({ ...store.access, url }, (client) => ensureToken(client, token), soon);
    assert.equal(asked, 2);
    assert.equal(await store.write(made.token, "k6", "vus value=1"), 204);
    const { authorizations = [] } = await store.client.authorizations.getAuthorizations({ org: store.access.org });
    assert.equal(authorizations.filter(({ description }) => description?.startsWith("us:")).length, 1);
  });

  it("is given up after a while, with the cause", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(
      withStore({ ...store.access, url }, (client) => client.orgId(), { ...soon, retries: 1 }),
      /ECONNREFUSED/,
    );
  });
});
