import { idOf, type StoreClient } from "./client";

/** Who and what a store is set up with. */
export interface FirstSetup {
  username: string;
  adminPassword: string;
  adminToken: string;
  /** InfluxDB wants a first bucket with the set-up. */
  bucket: string;
  retentionSeconds: number;
}

/**
 * Sets an empty store up, and gives the id of its organisation. One that is set up already is taken over when it knows the admin token, and
 * gets the organisation if it has none of the name.
 *
 * @throws {StoreRefusal} when the store was set up with another admin token
 */
export async function ensureSetUp(client: StoreClient, setup: FirstSetup): Promise<string> {
  const { org } = client;
  if (await client.isEmpty()) {
    const { username, adminPassword: password, adminToken: token, bucket, retentionSeconds: retentionPeriodSeconds } = setup;
    const body = { username, password, token, org, bucket, retentionPeriodSeconds };
    await client.ask("be set up", "do nothing yet", () => client.setup.postSetup({ body }));
  }
  return (await client.findOrgId()) ?? idOf(await createOrg(client));
}

function createOrg(client: StoreClient) {
  return client.ask("create the organisation", "write orgs", () => client.orgs.postOrgs({ body: { name: client.org } }));
}
