// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { withStore, type StoreAccess } from "./admin/access";
import { ensureBucket, lookAtBucket, removeBucket, type BucketFound, type BucketWish } from "./admin/buckets";
import { changed, plain } from "../state-values";
import { accessKeys, accessOf, lookInStore, removeFromStore } from "./admin/state";

/** What a bucket is given, as plain values. */
export interface BucketInputs extends StoreAccess, BucketWish {
  /** Whether the bucket and its samples stay when it is deleted here. */
  retainData: boolean;
}

/** What it gives: the inputs and what is there. */
export interface BucketOutputs extends BucketInputs, BucketFound {}

const located = ["org", "bucket"] as const;
const adjustable = [...accessKeys, "retentionSeconds", "owner", "exclusive", "retainData"] as const;

export async function create(inputs: BucketInputs): Promise<{ id: string; outs: BucketOutputs }> {
  const found = await withStore(accessOf(inputs), (client) => ensureBucket(client, inputs));
  return { id: `${inputs.org}/${inputs.bucket}`, outs: plain({ ...inputs, ...found }) };
}

export async function update(olds: BucketOutputs, news: BucketInputs): Promise<{ outs: BucketOutputs }> {
  const found = await withStore(accessOf(news), (client) => ensureBucket(client, news, olds.bucketId));
  return { outs: plain({ ...news, ...found }) };
}

export function diff(olds: BucketOutputs, news: BucketInputs): { changes: boolean; replaces: string[] } {
  const replaces = changed(located, olds, news);
  return { changes: replaces.length > 0 || changed(adjustable, olds, news).length > 0, replaces };
}

/** @returns no id where the bucket is gone */
export async function read(
  id: string,
  props: BucketOutputs,
): Promise<{ id?: string; props?: BucketOutputs; inputs?: BucketInputs }> {
  const found = await lookInStore(accessOf(props), (client) => lookAtBucket(client, props));
  if (found === undefined) {
    return {};
  }
  const { bucketId, retentionSeconds, adopted, ...others } = { ...props, ...found };
  const inputs: BucketInputs = { ...others, retentionSeconds };
  return { id, props: { ...inputs, bucketId, retentionSeconds, adopted }, inputs };
}

/** A bucket that was there before us stays, and so does one whose samples shall be kept. */
export async function remove(props: BucketOutputs): Promise<void> {
  if (!props.retainData && !props.adopted) {
    await removeFromStore(accessOf(props), (client) => removeBucket(client, props.bucketId));
  }
}
