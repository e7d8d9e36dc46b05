import { HttpError, InfluxDB } from "@influxdata/influxdb-client";
import type { Authorization, Bucket, Permission } from "@influxdata/influxdb-client-apis";
import { AuthorizationsAPI, BucketsAPI, OrgsAPI, SetupAPI } from "@influxdata/influxdb-client-apis";
import { shardGroupSeconds } from "./retention";

/** What the store shall hold. */
export interface StoreWish {
  org: string;
  bucket: string;
  /** 0 keeps data for ever. */
  retentionSeconds: number;
  username: string;
  adminPassword: string;
  adminToken: string;
}

/** A token that may do one thing; its value is told only once, at its creation. */
export interface ScopedToken {
  id: string;
  token: string;
}

/** What the store holds. */
export interface StoreContent {
  orgId: string;
  bucketId: string;
  retentionSeconds: number;
  write: ScopedToken;
  read: ScopedToken;
}

/** The tokens as they were handed out before. */
export type KnownTokens = Partial<Pick<StoreContent, "write" | "read">>;

/** Administers one InfluxDB 2 at `url`. */
export class StoreAdmin {
  private readonly setup: SetupAPI;
  private readonly orgs: OrgsAPI;
  private readonly buckets: BucketsAPI;
  private readonly authorizations: AuthorizationsAPI;

  constructor(
    url: string,
    private readonly wish: StoreWish,
  ) {
    const client = new InfluxDB({ url, token: wish.adminToken, timeout: 20_000 });
    this.setup = new SetupAPI(client);
    this.orgs = new OrgsAPI(client);
    this.buckets = new BucketsAPI(client);
    this.authorizations = new AuthorizationsAPI(client);
  }

  /** Whether nobody has set the store up yet. */
  async isEmpty(): Promise<boolean> {
    return (await this.setup.getSetup()).allowed === true;
  }

  /**
   * Makes the store hold what is wished for: whatever is there already is taken over, so that it can be called again.
   *
   * @throws when the store was set up with another admin token
   */
  async ensure(known: KnownTokens): Promise<StoreContent> {
    const { org, bucket, retentionSeconds, username, adminPassword, adminToken } = this.wish;
    if (await this.isEmpty()) {
      await this.setup.postSetup({
        body: { username, password: adminPassword, token: adminToken, org, bucket, retentionPeriodSeconds: retentionSeconds },
      });
    }
    const orgId = (await this.findOrg()) ?? (await this.createOrg());
    const found = (await this.findBucket()) ?? (await this.createBucket(orgId));
    if (retentionOf(found) !== retentionSeconds) {
      await this.buckets.patchBucketsID({ bucketID: idOf(found), body: { retentionRules: retentionRules(retentionSeconds) } });
    }
    const bucketId = idOf(found);
    return {
      orgId,
      bucketId,
      retentionSeconds,
      write: await this.ensureToken("write", orgId, bucketId, known.write),
      read: await this.ensureToken("read", orgId, bucketId, known.read),
    };
  }

  /** What is there of what was wished for; `undefined` when organisation or bucket are gone. Tokens that are gone are left out. */
  async look(known: KnownTokens): Promise<(Omit<StoreContent, "write" | "read"> & KnownTokens) | undefined> {
    const orgId = await this.findOrg();
    const bucket = orgId === undefined ? undefined : await this.findBucket();
    if (orgId === undefined || bucket === undefined) {
      return undefined;
    }
    const standing = async (token?: ScopedToken) => (token !== undefined && (await this.isActive(token.id)) ? token : undefined);
    return {
      orgId,
      bucketId: idOf(bucket),
      retentionSeconds: retentionOf(bucket),
      write: await standing(known.write),
      read: await standing(known.read),
    };
  }

  private async findOrg(): Promise<string | undefined> {
    const { org } = this.wish;
    const answer = await unlessMissing(this.translated(this.orgs.getOrgs({ org })));
    return answer?.orgs?.find(({ name }) => name === org)?.id;
  }

  private async createOrg(): Promise<string> {
    return idOf(await this.orgs.postOrgs({ body: { name: this.wish.org } }));
  }

  private async findBucket(): Promise<Bucket | undefined> {
    const { org, bucket } = this.wish;
    return (await unlessMissing(this.buckets.getBuckets({ org, name: bucket })))?.buckets?.find(({ name }) => name === bucket);
  }

  private createBucket(orgID: string): Promise<Bucket> {
    const { bucket, retentionSeconds } = this.wish;
    return this.buckets.postBuckets({ body: { orgID, name: bucket, retentionRules: retentionRules(retentionSeconds) } });
  }

  private async isActive(authID: string): Promise<boolean> {
    return (await unlessMissing(this.authorizations.getAuthorizationsID({ authID })))?.status === "active";
  }

  /** Keeps a token whose value is known; any other of the same purpose is of no use to anyone and is removed. */
  private async ensureToken(
    action: "read" | "write",
    orgID: string,
    bucketId: string,
    known?: ScopedToken,
  ): Promise<ScopedToken> {
    const description = `pulumi-k6 ${action} ${this.wish.bucket}`;
    const { authorizations = [] } = await this.authorizations.getAuthorizations({ orgID });
    const ours = authorizations.filter((authorization) => authorization.description === description);
    const kept = ours.find(
      ({ id, status, permissions }) => id === known?.id && status === "active" && grants(permissions, bucketId),
    );
    for (const { id } of ours) {
      if (id !== undefined && id !== kept?.id) {
        await this.authorizations.deleteAuthorizationsID({ authID: id });
      }
    }
    if (known !== undefined && kept !== undefined) {
      return known;
    }
    const permissions: Permission[] = [{ action, resource: { type: "buckets", id: bucketId, orgID } }];
    return created(await this.authorizations.postAuthorizations({ body: { orgID, description, permissions } }));
  }

  private async translated<T>(request: Promise<T>): Promise<T> {
    try {
      return await request;
    } catch (error) {
      if (error instanceof HttpError && error.statusCode === 401) {
        throw new Error(
          `the store of organisation ${this.wish.org} refuses this stack's admin token: it was set up by another stack, or the token was ` +
            "replaced. Use another namespace, or remove the store's volume claim and its pod to start with an empty store.",
          { cause: error },
        );
      }
      throw error;
    }
  }
}

async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof HttpError && error.statusCode === 404) {
      return undefined;
    }
    throw error;
  }
}

function retentionRules(everySeconds: number) {
  return [{ type: "expire" as const, everySeconds, shardGroupDurationSeconds: shardGroupSeconds(everySeconds) }];
}

function retentionOf({ retentionRules: rules }: Bucket): number {
  return rules[0]?.everySeconds ?? 0;
}

function grants(permissions: Permission[] | undefined, bucketId: string): boolean {
  return permissions?.some(({ resource }) => resource.id === bucketId) ?? false;
}

function idOf({ id }: { id?: string | undefined }): string {
  if (id === undefined) {
    throw new Error("the store answered without an id: is there something else than InfluxDB 2 on its port?");
  }
  return id;
}

function created({ id, token }: Authorization): ScopedToken {
  if (id === undefined || token === undefined || token === "") {
    throw new Error("the store made a token but did not tell its value: is there something else than InfluxDB 2 on its port?");
  }
  return { id, token };
}
