import type { Bucket } from "@influxdata/influxdb-client-apis";
import { shardGroupSeconds } from "../retention";
import { idOf, type StoreClient } from "./client";
import { StoreRefusal, unlessMissing } from "./errors";

/** A bucket that shall be there. */
export interface BucketWish {
  bucket: string;
  /** 0 keeps data for ever. */
  retentionSeconds: number;
  /** Who made it, in its description: by this a bucket of ours is told from one that was there before. */
  owner: string;
  /** Whether the whole store is ours, and so whatever is in it. */
  exclusive: boolean;
}

/** A bucket as it is. */
export interface BucketFound {
  bucketId: string;
  retentionSeconds: number;
  /** Whether it was there before us, so that it stays when we go. */
  adopted: boolean;
}

/**
 * Makes or takes over a bucket and gives it its retention.
 *
 * @param known id of the bucket that was taken over before
 * @throws {StoreRefusal} rather than shorten the retention of a bucket that was there before, because InfluxDB then deletes what is older
 */
export async function ensureBucket(client: StoreClient, wish: BucketWish, known?: string): Promise<BucketFound> {
  const { bucket, retentionSeconds } = wish;
  const found = (await findBucket(client, bucket)) ?? (await createBucket(client, wish));
  const bucketId = idOf(found);
  const adopted = isAdopted(found, wish);
  if (adopted && bucketId !== known && isShorter(retentionSeconds, retentionOf(found))) {
    throw new StoreRefusal(
      `bucket ${bucket} of organisation ${client.org} was there before and keeps samples ${spoken(retentionOf(found))}; to keep them ` +
        `${spoken(retentionSeconds)} would delete what is older. Give retentionHours: ${retentionOf(found) / 3600} to leave it as it is, or ` +
        "the name of another bucket.",
      422,
    );
  }
  // Shard groups do not follow a retention by themselves; both are compared.
  if (retentionOf(found) !== retentionSeconds || shardGroupOf(found) !== shardGroupSeconds(retentionSeconds)) {
    await client.ask(`change the retention of bucket ${bucket}`, "write buckets", () =>
      client.buckets.patchBucketsID({ bucketID: bucketId, body: { retentionRules: retentionRules(retentionSeconds) } }),
    );
  }
  return { bucketId, retentionSeconds, adopted };
}

/** The bucket as it is now; `undefined` where it is gone, also with its organisation. */
export async function lookAtBucket(
  client: StoreClient,
  wish: Pick<BucketWish, "bucket" | "owner" | "exclusive">,
): Promise<BucketFound | undefined> {
  const found = await unlessMissing(findBucket(client, wish.bucket));
  return found === undefined
    ? undefined
    : { bucketId: idOf(found), retentionSeconds: retentionOf(found), adopted: isAdopted(found, wish) };
}

/** Removes a bucket with its samples; fine when it is gone already. */
export async function removeBucket(client: StoreClient, bucketID: string): Promise<void> {
  await unlessMissing(client.ask("delete a bucket", "write buckets", () => client.buckets.deleteBucketsID({ bucketID })));
}

/** Ids of buckets by their names, in their order. @throws {StoreRefusal} naming one that is not there */
export async function bucketIds(client: StoreClient, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => findBucket(client, name)));
  return found.map((bucket, index) => {
    if (bucket === undefined) {
      throw new StoreRefusal(`organisation ${client.org} has no bucket ${names[index]} that the admin token may see.`, 404);
    }
    return idOf(bucket);
  });
}

async function findBucket(client: StoreClient, name: string): Promise<Bucket | undefined> {
  const orgID = await client.orgId();
  const answer = await unlessMissing(
    client.ask(`find bucket ${name}`, "read buckets", () => client.buckets.getBuckets({ orgID, name })),
  );
  return answer?.buckets?.find((bucket) => bucket.name === name);
}

async function createBucket(client: StoreClient, { bucket, retentionSeconds, owner }: BucketWish): Promise<Bucket> {
  const orgID = await client.orgId();
  const body = { orgID, name: bucket, description: owner, retentionRules: retentionRules(retentionSeconds) };
  return client.ask(`create bucket ${bucket}`, "write buckets", () => client.buckets.postBuckets({ body }));
}

function isAdopted({ description }: Bucket, { owner, exclusive }: Pick<BucketWish, "owner" | "exclusive">): boolean {
  return !exclusive && description !== owner;
}

function retentionRules(everySeconds: number) {
  return [{ type: "expire" as const, everySeconds, shardGroupDurationSeconds: shardGroupSeconds(everySeconds) }];
}

function retentionOf({ retentionRules: rules }: Bucket): number {
  return rules[0]?.everySeconds ?? 0;
}

function shardGroupOf({ retentionRules: rules }: Bucket): number | undefined {
  return rules[0]?.shardGroupDurationSeconds;
}

function isShorter(seconds: number, than: number): boolean {
  return seconds !== 0 && (than === 0 || seconds < than);
}

function spoken(seconds: number): string {
  return seconds === 0 ? "for ever" : `for ${seconds / 3600} h`;
}
