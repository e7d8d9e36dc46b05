import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { InfluxDb, type InfluxDbArgs } from "../../../components/metrics/influxdb";
import { valueOf } from "../../support/registered";

const registered: MockResourceArgs[] = [];

/** Values that only the engine would know. */
const told: Record<string, Record<string, unknown>> = {
  "random:index/randomPassword:RandomPassword": { result: "made-up-password" },
  "pulumi-nodejs:dynamic/pulumi-k6:StoreToken": { token: "made-up-token", tokenId: "0123" },
};

async function storeWith(args: Omit<InfluxDbArgs, "namespace">, opts?: pulumi.ComponentResourceOptions) {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.push(resource);
      return { id: `${resource.name}-id`, state: { ...(resource.inputs as object), ...told[resource.type] } };
    },
    call: () => ({}),
  });
  const store = new InfluxDb("store", { namespace: "load", ...args }, opts);
  const outputs = {
    url: await valueOf(store.url),
    rollupBucket: await valueOf(store.rollupBucket),
    binding: await valueOf(pulumi.output(store.binding)),
  };
  await pulumi.runtime.disconnect();
  return { store, ...outputs };
}

function all(kind: string): Record<string, unknown>[] {
  return registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => clear(inputs) as Record<string, unknown>);
}

/** Inputs without the envelopes that mark secrets. */
function clear(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return "4dabf18193072939515e22adb298388d" in value
    ? clear((value as { value?: unknown }).value)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clear(inner)]));
}

function pick(objects: Record<string, unknown>[], ...keys: string[]): unknown[] {
  return objects.map((object) => Object.fromEntries(keys.map((key) => [key, object[key]])));
}

const bind = { org: "ops", token: "made-up-admin-token" };

describe("a store", () => {
  it("has buckets for samples and for what is rolled up of them, each with its retention", async () => {
    const { rollupBucket } = await storeWith({ retentionHours: 48 });
    assert.equal(rollupBucket, "k6-rollup");
    assert.deepEqual(pick(all("StoreBucket"), "bucket", "retentionSeconds", "exclusive", "retainData"), [
      { bucket: "k6", retentionSeconds: 172800, exclusive: true, retainData: false },
      { bucket: "k6-rollup", retentionSeconds: 63072000, exclusive: true, retainData: false },
    ]);
    const [{ flux = "" } = {}] = all("StoreTask");
    assert.match(flux as string, /from\(bucket: "k6"\)[^]*to\(bucket: "k6-rollup"\)/);
  });

  it("rolls nothing up where that is not wanted", async () => {
    const { rollupBucket } = await storeWith({ rollup: { enabled: false } });
    assert.equal(rollupBucket, "");
    assert.deepEqual([all("StoreBucket").length, all("StoreTask").length], [1, 0]);
  });

  it("has a token that writes samples alone and one that reads both buckets", async () => {
    await storeWith({ rotation: "7" });
    assert.deepEqual(pick(all("StoreToken"), "action", "buckets", "rotation"), [
      { action: "write", buckets: ["k6"], rotation: "7" },
      { action: "read", buckets: ["k6", "k6-rollup"], rotation: "7" },
    ]);
  });

  it("puts tokens into Secrets whose names are Pulumi's, so that another token is another name", async () => {
    await storeWith({});
    const secrets = all("Secret");
    assert.equal(secrets.length, 2);
    for (const { metadata, immutable } of secrets) {
      assert.equal((metadata as { name?: string }).name, undefined);
      assert.equal(immutable, true);
    }
  });

  it("keeps the token that writes until no pod of its namespace carries it", async () => {
    const cluster = { kubeconfig: "made-up-kubeconfig", context: "staging" };
    for (const args of [{}, { bind: { ...bind, url: "https://influx.example:8086" } }]) {
      await storeWith({ ...args, cluster });
      const write = all("StoreToken").filter(({ action }) => action === "write");
      assert.deepEqual(pick(write, "holdersIn", "kubeconfig", "context"), [{ holdersIn: "load", ...cluster }]);
    }
  });

  for (const [memory, bytes] of Object.entries({ "1Gi": "966367641", "512M": "460800000" })) {
    it(`of ${memory} collects garbage before it has all of it`, async () => {
      await storeWith({ memory });
      const [{ spec } = {}] = all("StatefulSet");
      const { containers } = (spec as { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } })
        .template.spec;
      assert.equal(containers[0].env.find(({ name }) => name === "GOMEMLIMIT")?.value, bytes);
    });
  }

  it("maps another name for clients of InfluxDB 1 only where one is given", async () => {
    await storeWith({});
    assert.equal(all("StoreMapping").length, 0);
    await storeWith({ database: "loadtests" });
    assert.deepEqual(pick(all("StoreMapping"), "database", "bucket"), [{ database: "loadtests", bucket: "k6" }]);
  });

  it("takes the admin token of a volume that was kept", async () => {
    await storeWith({ adminToken: "made-up-kept" });
    assert.deepEqual(pick([...all("InfluxDbSetup"), ...all("StoreToken")], "adminToken"), [
      { adminToken: "made-up-kept" },
      { adminToken: "made-up-kept" },
      { adminToken: "made-up-kept" },
    ]);
  });

  it("that is bound deploys nothing, and has the same inside", async () => {
    const { url, binding } = await storeWith({ bind: { ...bind, url: "https://influx.example:8086" } });
    assert.equal(url, "https://influx.example:8086");
    const kinds = registered.map(({ type }) => type.split(":").at(-1)).sort();
    assert.deepEqual(kinds, [
      "InfluxDb",
      "Secret",
      "Secret",
      "StoreBucket",
      "StoreBucket",
      "StoreTask",
      "StoreToken",
      "StoreToken",
    ]);
    assert.deepEqual(pick(all("StoreBucket"), "url", "service", "org", "exclusive")[0], {
      url: "https://influx.example:8086",
      service: undefined,
      org: "ops",
      exclusive: false,
    });
    assert.equal(binding.url, "https://influx.example:8086");
    assert.ok(!("service" in binding));
  });

  it("that is bound in the cluster is reached through the API server, and by pods at its Service", async () => {
    const service = { namespace: "ops", service: "influx", port: 8086 };
    const { url, binding } = await storeWith({ bind: { ...bind, service } });
    assert.equal(url, "http://influx.ops.svc:8086");
    assert.deepEqual(pick(all("StoreBucket"), "url", "service")[0], { url: undefined, service });
    assert.deepEqual(binding.service, service);
  });

  it("that is bound is opened to runners and gateway, where its addresses are given", async () => {
    await storeWith({
      bind: { ...bind, url: "https://influx.example:8086", addresses: { cidrs: ["203.0.113.7/32"], ports: [8086] } },
    });
    const [{ spec } = {}] = all("NetworkPolicy");
    assert.deepEqual(spec, {
      podSelector: { matchLabels: { "pulumi-k6/role": "runner" } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "203.0.113.7/32" } }], ports: [{ protocol: "TCP", port: 8086 }] }],
    });
  });

  for (const [what, args] of Object.entries({ deployed: {}, bound: { bind: { ...bind, url: "http://influx.example:8086" } } })) {
    it(`that is ${what} gives every secret to the engine as a secret`, async () => {
      await storeWith(args);
      for (const { type, inputs } of registered) {
        const readable = JSON.stringify(inputs, (_, value: unknown) =>
          typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value ? "secret" : value,
        );
        assert.ok(!readable.includes("made-up"), `${type} has a secret in clear: ${readable}`);
      }
    });
  }

  it("is refused with everything that is wrong at once", async () => {
    const wrong: Omit<InfluxDbArgs, "namespace"> = {
      image: "influxdb:2",
      org: "mine",
      retentionHours: 0.5,
      rollup: { bucket: "k6", windowSeconds: 7, retentionHours: 0.1 },
      rotation: "",
      bind: { org: "", token: "t", url: "influx.example:8086/", addresses: { cidrs: ["all"], ports: [] } },
    };
    await assert.rejects(storeWith(wrong), (error: Error) => {
      const paths = [...error.message.matchAll(/^ {2}([\w.[\]]+):/gm)].map(([, path]) => path);
      assert.deepEqual(paths, [
        "retentionHours",
        "rollup.bucket",
        "rollup.windowSeconds",
        "rollup.retentionHours",
        "rotation",
        "image",
        "org",
        "bind.url",
        "bind.org",
        "bind.addresses[0].cidrs[0]",
        "bind.addresses[0].ports",
      ]);
      return true;
    });
    await assert.rejects(storeWith({ bind }), /bind: says neither url nor service/);
  });
});
