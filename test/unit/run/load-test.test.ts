import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { harnessNames } from "../../../components/run/harness/files";
import { LoadTest } from "../../../components/run/load-test";
import type { LoadTestArgs } from "../../../components/run/load-test-args";
import type { RunInputs, StoreBinding } from "../../../components/run/types";

const registered: MockResourceArgs[] = [];
const store: StoreBinding = {
  writeUrl: "http://influxdb.load.svc:8086",
  bucket: "k6",
  org: "load",
  writeSecret: "k6-store-write",
  service: { namespace: "load", service: "influxdb", port: 8086 },
  readToken: "token-for-reading",
};
const platform = { namespace: "load", store: pulumi.secret(store), cluster: { context: "lab" } };
const script = { inline: "export const options = { vus: 4, duration: '5s' }; export default function () {}" };

async function made(args: Partial<LoadTestArgs> = {}, name = "checkout", isPreview = false): Promise<LoadTest> {
  registered.length = 0;
  const mocks: pulumi.runtime.Mocks = {
    newResource: (resource) => {
      registered.push(resource);
      return { id: `${resource.name}-id`, state: { verdict: "pass", ...(resource.inputs as object) } };
    },
    call: () => ({}),
  };
  await pulumi.runtime.setMocks(mocks, undefined, undefined, isPreview);
  const test = new LoadTest(name, { platform, script, ...args });
  await new Promise((resolve) => pulumi.all([test.run, test.verdict]).apply(resolve));
  await pulumi.runtime.disconnect();
  return test;
}

function inputsOf(kind: string): unknown[] {
  return registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs as unknown);
}

async function runOf(args: Partial<LoadTestArgs> = {}): Promise<RunInputs & { __provider: string }> {
  await made(args);
  return inputsOf("LoadTestRun")[0] as RunInputs & { __provider: string };
}

/** A secret as it travels to the engine. */
function secret(value: unknown): object {
  return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
}

describe("a load test", () => {
  it("is a script that cannot be changed, a way to its targets, a run and a gate", async () => {
    await made({ targets: [{ cidrs: ["203.0.113.0/24"], ports: [443] }] });
    const [configMap] = inputsOf("ConfigMap") as {
      immutable: boolean;
      metadata: { name?: string };
      data: Record<string, string>;
    }[];
    assert.equal(configMap.immutable, true);
    assert.equal(configMap.metadata.name, undefined, "Pulumi makes a name that never comes again");
    assert.deepEqual(Object.keys(configMap.data).sort(), [...harnessNames, "script.js"].sort());
    assert.equal(configMap.data["script.js"], script.inline);
    assert.deepEqual(
      [inputsOf("NetworkPolicy").length, inputsOf("LoadTestRun").length, inputsOf("VerdictGate").length],
      [1, 1, 1],
    );
  });

  it("has as many ConfigMaps as its script with its data needs, and the run knows them all", async () => {
    const run = await runOf({ script: { inline: `${script.inline} // ${"x".repeat(2 * 1024 * 1024)}` } });
    const contents = inputsOf("ConfigMap") as { immutable: boolean; data: Record<string, string> }[];
    assert.ok(contents.every(({ immutable }) => immutable));
    const keys = contents.flatMap(({ data }) => Object.keys(data)).sort();
    assert.deepEqual(keys, [".00.script.js", ".01.script.js", ".02.script.js", ...[...harnessNames].sort()]);
    assert.equal(run.moreConfigMaps?.length, 3);
    assert.ok(!("moreConfigMaps" in (await runOf())));
  });

  it("says whether k6 was asked about the script, which it cannot be where it is not here", async () => {
    const given = process.env.K6_PATH;
    process.env.K6_PATH = "/nowhere/k6";
    assert.equal((await runOf()).inspected, false);
    delete process.env.K6_PATH;
    Object.assign(process.env, given === undefined ? {} : { K6_PATH: given });
    assert.equal((await runOf({ script: { imagePath: "/k6/shop.js" } })).inspected, false);
  });

  it("has no gate where none is wanted", async () => {
    await made({ gate: false });
    assert.equal(inputsOf("VerdictGate").length, 0);
  });

  it("names the run after the test and what makes it what it is", async () => {
    const { run } = await runOf();
    assert.match(run, /^checkout-[0-9a-f]{8}$/);
    assert.equal((await runOf({ ttlSeconds: 90, reportFolder: "elsewhere" })).run, run);
    assert.notEqual((await runOf({ trigger: "again" })).run, run);
    assert.notEqual((await runOf({ script: { inline: `${script.inline}\n` } })).run, run);
  });

  it("is told what run it is while the token for reading is not known yet", async () => {
    const toCome = pulumi.output<string>(pulumi.unknown as string);
    await made({ platform: { ...platform, store: { ...store, readToken: toCome, writeSecret: toCome } } }, "checkout", true);
    const [{ run, store: told, readToken }] = inputsOf("LoadTestRun") as RunInputs[];
    assert.equal(run, (await runOf()).run);
    assert.equal(told.bucket, store.bucket);
    assert.notEqual(readToken, store.readToken);
  });

  it("keeps secrets secret, and nothing else", async () => {
    const test = await made({ env: { PASSWORD: pulumi.secret("x") } });
    assert.equal(await pulumi.isSecret(test.run), false);
    const run = inputsOf("LoadTestRun")[0] as RunInputs;
    assert.deepEqual(run.readToken, secret("token-for-reading"));
    assert.deepEqual(run.env, secret({ PASSWORD: "x" }));
    assert.deepEqual({ ...run.store, readToken: store.readToken }, store);
    assert.ok(!("readToken" in run.store));
    assert.equal(run.context, "lab");
  });

  it("keeps the script's secrets in one Secret and nowhere else in clear", async () => {
    const test = await made({ secrets: { TOKEN: "swordfish", LATER: pulumi.output("marlin") }, secretEnv: ["TOKEN"] });
    const [{ immutable, stringData }] = inputsOf("Secret") as { immutable: boolean; stringData: object }[];
    assert.equal(immutable, true);
    assert.deepEqual(stringData, secret({ secrets: "LATER=marlin\nTOKEN=swordfish", "env.TOKEN": "swordfish" }));
    const others = registered.filter(({ type }) => !type.endsWith(":Secret"));
    assert.doesNotMatch(JSON.stringify(others), /swordfish|marlin/);
    assert.equal(await pulumi.isSecret(test.run), false);
  });

  it("has no Secret where there are no secrets", async () => {
    await made();
    assert.deepEqual(inputsOf("Secret"), []);
  });

  it("hands load and form of the script to the run, as parts of what makes it what it is", async () => {
    const { run: plain } = await runOf();
    const loaded = await runOf({ vus: 6, duration: "5s" });
    assert.deepEqual(loaded.load, { vus: 6, duration: "5s" });
    const onVolume = await runOf({ script: { volumeClaim: { name: "scripts", file: "shop.js" } } });
    assert.deepEqual(onVolume.script, { volumeClaim: "scripts" });
    const packed = await runOf({ script: { imagePath: "/k6/shop.tar" } });
    assert.deepEqual(packed.script, { archive: "/k6/shop.tar" });
    assert.equal(new Set([plain, loaded.run, onVolume.run, packed.run]).size, 4);
  });

  it("refuses more runners than the load given beside the script has VUs, also where no k6 can be asked", async () => {
    const args = { script: { imagePath: "/k6/shop.js" }, runners: 3, vus: 2, duration: "5s" };
    await assert.rejects(made(args), /runners: 3 runners for 2 VUs leaves some without work/);
  });

  it("stores a provider that is small, the same for all, and holds nothing of the run", async () => {
    const { __provider: one } = await runOf();
    const { __provider: other } = await runOf({ env: { PASSWORD: "swordfish" }, runners: 2 });
    assert.equal(one, other);
    assert.ok(one.length < 4000, `${one.length} characters`);
    assert.match(one, /require\("pulumi-k6\/dist\/run\/provider"\)/);
  });

  it("says all that is wrong at once, before anything is created", async () => {
    const args = {
      script: { inline: "export default function () { ] }" },
      runners: 0,
      thresholds: { http_req_duration: ["p(95)<<500"] },
      targets: [{ cidrs: ["10.0.0.1"], ports: [443] }],
      startDeadlineSeconds: 900,
    };
    await assert.rejects(made(args, "Checkout"), (error: Error) => {
      for (const path of ["name", "runners", "startDeadlineSeconds", "thresholds", "targets", "script"]) {
        assert.match(error.message, new RegExp(`^  ${path}`, "m"));
      }
      return true;
    });
    assert.equal(registered.length, 0);
  });

  it("is run by the platform's k6-operator where there is one, else by Kubernetes alone", async () => {
    const operator = { starterImage: "starter:1" };
    const { engine, starterImage } = await runOf({ platform: { ...platform, operator } });
    assert.deepEqual([engine, starterImage], ["operator", "starter:1"]);
    assert.equal((await runOf()).engine, "job");
    const own = await runOf({ platform: { ...platform, operator }, engine: "job" });
    assert.deepEqual([own.engine, own.starterImage], ["job", undefined]);
  });

  it("cannot be run by an operator that is not there", async () => {
    await assert.rejects(
      made({ engine: "operator" }),
      /engine: is "operator", and the platform has none\. Give it a `K6Operator`/,
    );
  });
});
