import type { DBRP } from "@influxdata/influxdb-client-apis";
import { bucketIds } from "./buckets";
import type { StoreClient } from "./client";
import { StoreRefusal, unlessMissing } from "./errors";

/** A name by which clients of InfluxDB 1 find a bucket. */
export interface MappingWish {
  database: string;
  bucket: string;
}

/** A mapping as it is. */
export interface MappingFound {
  /** Empty: InfluxDB maps a bucket by its own name without a mapping of ours. */
  mappingId: string;
  /** Whether it was there before us, so that it stays when we go. */
  adopted: boolean;
}

/** Clients of InfluxDB 1 that name no retention policy get the default one; its name is free. */
const retentionPolicy = "autogen";

/**
 * Sees to it that a database of InfluxDB 1 is the bucket. InfluxDB 2.2 and newer map each bucket by its own name; then nothing is made.
 *
 * @throws {StoreRefusal} where the name leads to another bucket: samples would go there unseen
 */
export async function ensureMapping(client: StoreClient, wish: MappingWish, known?: string): Promise<MappingFound> {
  const { database, bucket } = wish;
  const [bucketID = ""] = await bucketIds(client, [bucket]);
  const found = (await mappingsOf(client, database)).find((mapping) => mapping.default);
  if (found !== undefined && found.bucketID !== bucketID) {
    throw new StoreRefusal(
      `database ${database} of organisation ${client.org} is mapped to another bucket (${found.bucketID}) than ${bucket}: clients of InfluxDB 1 ` +
        "would write there. Remove that mapping (`influx v1 dbrp list`), or use another name.",
      422,
    );
  }
  if (found !== undefined) {
    return found.virtual === true ? { mappingId: "", adopted: false } : { mappingId: found.id, adopted: found.id !== known };
  }
  const orgID = await client.orgId();
  const body = { orgID, bucketID, database, retention_policy: retentionPolicy, default: true };
  const { id } = await client.ask(`map database ${database}`, "write dbrp", () => client.mappings.postDBRP({ body }));
  return { mappingId: id, adopted: false };
}

/** Whether the database is still the bucket. */
export async function isMapped(client: StoreClient, { database, bucket }: MappingWish): Promise<boolean> {
  const ids = await unlessMissing(bucketIds(client, [bucket]));
  const found = (await mappingsOf(client, database)).find((mapping) => mapping.default);
  return ids !== undefined && found?.bucketID === ids[0];
}

/** Fine when it is gone already, or its organisation is. */
export async function removeMapping(client: StoreClient, dbrpID: string): Promise<void> {
  const orgID = await client.findOrgId();
  if (orgID === undefined) {
    return;
  }
  await unlessMissing(client.ask("remove a mapping", "write dbrp", () => client.mappings.deleteDBRPID({ dbrpID, orgID })));
}

async function mappingsOf(client: StoreClient, db: string): Promise<DBRP[]> {
  const orgID = await client.orgId();
  const answer = await client.ask(`find database ${db}`, "read dbrp", () => client.mappings.getDBRPs({ orgID, db }));
  return answer.content ?? [];
}
