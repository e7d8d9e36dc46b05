import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { StoreAccess } from "../../components/metrics/admin/access";
import { StoreClient } from "../../components/metrics/admin/client";
import { executable } from "./executables";
import { startInfluxDb, type InfluxDbProcess } from "./influxdb";

/** A real InfluxDB on loopback with its admin at hand, for tests of what is set up inside of it. */
export class TestStore {
  private constructor(
    private readonly influxdb: InfluxDbProcess,
    private readonly folder: string,
  ) {}

  static async start(options: { setUp?: boolean } = {}): Promise<TestStore> {
    const folder = await mkdtemp(path.join(tmpdir(), "store-"));
    return new TestStore(await startInfluxDb(executable("influxd"), folder, options), folder);
  }

  async stop(): Promise<void> {
    await this.influxdb.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get url(): string {
    return this.influxdb.url;
  }

  /** As its admin. */
  get access(): StoreAccess {
    const { url, org, token: adminToken } = this.influxdb;
    return { url, org, adminToken };
  }

  get client(): StoreClient {
    return this.clientWith(this.access.adminToken);
  }

  clientWith(token: string): StoreClient {
    return new StoreClient(this.url, this.access.org, token);
  }

  /** As its admin, in another organisation. */
  clientIn(org: string): StoreClient {
    return new StoreClient(this.url, org, this.access.adminToken);
  }

  /** The status with which the store answers samples written as Telegraf writes them. */
  async write(token: string, bucket: string, lines: string): Promise<number> {
    const query = new URLSearchParams({ org: this.access.org, bucket });
    return (await this.send(`/api/v2/write?${query.toString()}`, token, lines)).status;
  }

  /** The status with which the store answers a query of the last hour. */
  async query(token: string, bucket: string): Promise<number> {
    const flux = `from(bucket: ${JSON.stringify(bucket)}) |> range(start: -1h)`;
    const body = JSON.stringify({ query: flux, type: "flux" });
    const answer = await this.send(`/api/v2/query?org=${this.access.org}`, token, body, "application/json");
    await answer.arrayBuffer();
    return answer.status;
  }

  send(place: string, token: string, body: string, type = "text/plain"): Promise<Response> {
    const headers = { authorization: `Token ${token}`, "content-type": type };
    return fetch(`${this.url}${place}`, { method: "POST", headers, body });
  }
}
