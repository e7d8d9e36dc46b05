import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
// The compiled modules: their texts are what stands in users' states.
import { InfluxDbSetup } from "pulumi-k6/dist/metrics/setup";
import { StoreBucket } from "pulumi-k6/dist/metrics/store-bucket";
import { StoreMapping } from "pulumi-k6/dist/metrics/store-mapping";
import { StoreTask } from "pulumi-k6/dist/metrics/store-task";
import { StoreToken } from "pulumi-k6/dist/metrics/store-token";

const access = { url: "http://127.0.0.1:8086", org: "load", adminToken: "made-up" };
const server = { namespace: "load", service: "influxdb", port: 8086, username: "admin", adminPassword: "made-up" };

const resources: [string, () => pulumi.Resource][] = [
  ["setup-provider", () => new InfluxDbSetup("it", { ...access, ...server, bucket: "k6", retentionSeconds: 0 })],
  [
    "store-bucket-provider",
    () =>
      new StoreBucket("it", { ...access, bucket: "k6", retentionSeconds: 0, owner: "us", exclusive: true, retainData: false }),
  ],
  ["store-task-provider", () => new StoreTask("it", { ...access, task: "t", flux: "" })],
  [
    "store-token-provider",
    () => new StoreToken("it", { ...access, action: "read", buckets: ["k6"], owner: "us", rotation: "1", exclusive: true }),
  ],
  ["store-mapping-provider", () => new StoreMapping("it", { ...access, database: "v1", bucket: "k6" })],
];

describe("what is set up inside a store", () => {
  for (const [module, make] of resources) {
    it(`has a small constant text in the state, which loads ${module} by package name`, async () => {
      const seen: Record<string, unknown>[] = [];
      await pulumi.runtime.setMocks({
        newResource: ({ name, inputs }) => {
          seen.push(inputs as Record<string, unknown>);
          return { id: name, state: {} };
        },
        call: () => ({}),
      });
      const resource = make();
      await new Promise<unknown>((resolve) => resource.urn.apply(resolve));
      await pulumi.runtime.disconnect();
      const [{ __provider, adminToken } = {}] = seen;
      const text = textOf(__provider);
      assert.ok(text.length < 4096, `text of ${text.length} characters`);
      assert.match(text, new RegExp(`require\\("pulumi-k6/dist/metrics/${module}"\\)`));
      assert.ok(!text.includes(process.cwd()), "no path of this machine");
      assert.equal(typeof adminToken, "object", "the admin token is marked as a secret");
    });
  }
});

/** A value as it goes to the engine, out of the envelope that marks secrets. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : (value as { value: string }).value;
}
