import type { Authorization, Permission } from "@influxdata/influxdb-client-apis";
import { bucketIds } from "./buckets";
import { idOf, type StoreClient } from "./client";
import { unlessMissing } from "./errors";

/** A token that shall be there. */
export interface TokenWish {
  /** What it may do in `buckets`. One that may write may also delete. */
  action: "read" | "write";
  buckets: string[];
  /** Whose it is, in its description; two stacks never take each other's. */
  owner: string;
  /** Any text; another text is another token. */
  rotation: string;
}

/** A token; its value is told only once, at its creation. */
export interface ScopedToken {
  tokenId: string;
  token: string;
}

/**
 * Keeps a token whose value is known, and makes a new one otherwise. One of the same description whose value nobody knows any more, from
 * a call that was cut off, is revoked.
 */
export async function ensureToken(client: StoreClient, wish: TokenWish, known?: ScopedToken): Promise<ScopedToken> {
  const orgID = await client.orgId();
  const ids = await bucketIds(client, wish.buckets);
  const description = descriptionOf(wish);
  const ours = (await tokensOf(client, orgID)).filter((one) => one.description === description);
  const kept = ours.find((one) => one.id === known?.tokenId && stands(one, wish.action, ids));
  for (const { id } of ours) {
    if (id !== undefined && id !== kept?.id) {
      await revokeToken(client, id);
    }
  }
  if (known !== undefined && kept !== undefined) {
    return known;
  }
  const permissions = ids.map((id): Permission => ({ action: wish.action, resource: { type: "buckets", id, orgID } }));
  const made = await client.ask("create a token", "write authorizations and its own user, and to what the token shall do", () =>
    client.authorizations.postAuthorizations({ body: { orgID, description, permissions } }),
  );
  return valueOf(made);
}

/** Whether the store still takes a token for what it is for. */
export async function isTokenStanding(client: StoreClient, wish: TokenWish, tokenId: string): Promise<boolean> {
  const found = await unlessMissing(
    client.ask("read a token", "read authorizations", () => client.authorizations.getAuthorizationsID({ authID: tokenId })),
  );
  const ids = await unlessMissing(bucketIds(client, wish.buckets));
  return found !== undefined && ids !== undefined && stands(found, wish.action, ids);
}

/** Fine when it is gone already. */
export async function revokeToken(client: StoreClient, authID: string): Promise<void> {
  await unlessMissing(
    client.ask("revoke a token", "write authorizations", () => client.authorizations.deleteAuthorizationsID({ authID })),
  );
}

/** Revokes every token of these descriptions. */
export async function revokeDescribed(client: StoreClient, descriptions: readonly string[]): Promise<void> {
  const orgId = await client.findOrgId();
  const all = orgId === undefined ? [] : await tokensOf(client, orgId);
  for (const one of all) {
    if (one.id !== undefined && one.description !== undefined && descriptions.includes(one.description)) {
      await revokeToken(client, one.id);
    }
  }
}

/** What a token is called in the store. */
export function descriptionOf({ action, buckets, owner, rotation }: TokenWish): string {
  return `${owner}: ${action} ${buckets.join(", ")}, rotation ${rotation}`;
}

/** What versions of this package called their tokens that knew no rotation. */
export function unrotatedDescription({ action, buckets: [bucket] }: TokenWish): string {
  return `pulumi-k6 ${action} ${bucket}`;
}

async function tokensOf(client: StoreClient, orgID: string): Promise<Authorization[]> {
  const answer = await client.ask("list tokens", "read authorizations", () => client.authorizations.getAuthorizations({ orgID }));
  return answer.authorizations ?? [];
}

function stands({ status, permissions = [] }: Authorization, action: TokenWish["action"], ids: readonly string[]): boolean {
  const may = permissions.filter((permission) => permission.action === action).map(({ resource }) => resource.id);
  return status === "active" && permissions.length === ids.length && ids.every((id) => may.includes(id));
}

function valueOf(made: Authorization): ScopedToken {
  if (made.token === undefined || made.token === "") {
    throw new Error("the store made a token but did not tell its value: is there something else than InfluxDB 2 on its port?");
  }
  return { tokenId: idOf(made), token: made.token };
}
