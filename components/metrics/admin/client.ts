import { InfluxDB } from "@influxdata/influxdb-client";
import { AuthorizationsAPI, BucketsAPI, DbrpsAPI, OrgsAPI, SetupAPI, TasksAPI } from "@influxdata/influxdb-client-apis";
import { explained, StoreRefusal, unlessMissing, type Asked } from "./errors";

// Each request is a small one; a store that needs longer is busy, and is asked again.
const timeoutMs = 20_000;

/** One InfluxDB 2, seen by an admin of one organisation. Every answer that is not passing comes as a `StoreRefusal`. */
export class StoreClient {
  readonly setup: SetupAPI;
  readonly orgs: OrgsAPI;
  readonly buckets: BucketsAPI;
  readonly tasks: TasksAPI;
  readonly authorizations: AuthorizationsAPI;
  readonly mappings: DbrpsAPI;
  private foundOrgId?: string;

  constructor(
    url: string,
    readonly org: string,
    adminToken: string,
    /** Where the store is, as a person knows it. */
    private readonly store = `store ${url}`,
  ) {
    const client = new InfluxDB({ url, token: adminToken, timeout: timeoutMs });
    this.setup = new SetupAPI(client);
    this.orgs = new OrgsAPI(client);
    this.buckets = new BucketsAPI(client);
    this.tasks = new TasksAPI(client);
    this.authorizations = new AuthorizationsAPI(client);
    this.mappings = new DbrpsAPI(client);
  }

  /** Sends a request. @throws {StoreRefusal} saying what was asked and which right it takes */
  async ask<T>(action: string, right: Asked["right"], request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw explained(error, { store: this.store, org: this.org, action, right });
    }
  }

  /** Whether nobody has set the store up yet. */
  async isEmpty(): Promise<boolean> {
    return (await this.ask("say whether it is set up", "read nothing", () => this.setup.getSetup())).allowed === true;
  }

  async findOrgId(): Promise<string | undefined> {
    const { org } = this;
    const answer = await unlessMissing(this.ask(`find the organisation`, "read orgs", () => this.orgs.getOrgs({ org })));
    return answer?.orgs?.find(({ name }) => name === org)?.id;
  }

  /** @throws {StoreRefusal} where the organisation is not there, or not for this token */
  async orgId(): Promise<string> {
    this.foundOrgId ??= await this.findOrgId();
    if (this.foundOrgId === undefined) {
      throw new StoreRefusal(
        `${this.store} has no organisation ${this.org} that the admin token may see: check its name (\`influx org list\`) and that the ` +
          "token is of that organisation.",
        404,
      );
    }
    return this.foundOrgId;
  }
}

/** The id of what a store made. */
export function idOf({ id }: { id?: string | undefined }): string {
  if (id === undefined) {
    throw new Error("the store answered without an id: is there something else than InfluxDB 2 on its port?");
  }
  return id;
}
