import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { InfluxDB, flux } from "@influxdata/influxdb-client";
import { orUndefined, type Cluster } from "../../components/kube/cluster";
import { openTunnel } from "../../components/kube/tunnel";
import { storePort } from "../../components/network/platform-rules";
import type { RunResult } from "../../components/run/types";
import { jobsOf, jobUid, kubectl, objectsOf } from "./support/objects";
import { steady } from "./support/scripts";
import { namespace, stackNamespaces, type GivenLoadTest } from "./support/settings";
import { freshLoadTest, labCluster, newObjects, sharedStack } from "./support/shared";
import type { LabStack } from "./support/stack";
import { providerTexts, secretTexts } from "./support/state";

describe("a load test in the lab", function () {
  this.timeout(120_000);
  let stack: LabStack;
  let cluster: Cluster;
  let shop: GivenLoadTest;
  let first: RunResult;
  let shown: string;
  let texts: Record<string, string>;

  before(async () => {
    stack = await sharedStack();
    cluster = labCluster();
    shop = await freshLoadTest(stack, { thresholds: { http_req_duration: ["p(95)<500"], http_req_failed: ["rate<0.01"] } });
  });

  it("ends in verdict pass, and shows on the way how far it is", async () => {
    const { exitCode, output } = await stack.up({ shop });
    assert.equal(exitCode, 0, output);
    first = await stack.run();
    assert.equal(first.verdict, "pass", first.reasons.join(" "));
    shown = output;
    assert.match(output, /starting pods, ready 0\/2[^]*running 2\/2/);
    assert.match(output, new RegExp(`${first.run}: verdict pass`));
    for (const { pod } of first.runners) {
      assert.match(output, new RegExp(`${pod}.* 0 finished`), "the table has a line for every runner");
    }
  });

  it("gives name, verdict, report and URL as outputs of the stack", async () => {
    const report = `${stack.settings.reportFolder}/${first.run}.html`;
    assert.deepEqual(await stack.outputs(), {
      runs: { shop: first.run },
      verdicts: { shop: "pass" },
      reportPaths: { shop: report },
      resultUrls: { shop: pathToFileURL(report).href },
      // Without Grafana there is nowhere to explore.
      exploreUrls: { shop: "" },
    });
  });

  it("leaves a report that needs no network, and the same as data", async () => {
    const report = `${stack.settings.reportFolder}/${first.run}`;
    const html = await readFile(`${report}.html`, "utf8");
    // Names of XML vocabularies look like addresses and are never fetched; "#" is a place in the page itself.
    const fetched = /(src|href|action|data)="?(https?:)?\/\/|url\((?!#)|@import|<script/gi;
    assert.equal(html.replaceAll(/xmlns(:\w+)?="[^"]*"/g, "").match(fetched), null);
    assert.ok((html.match(/<svg/g) ?? []).length >= 4, "it has charts");
    assert.ok(html.includes(first.script.digest), "it says what ran");
    const data = JSON.parse(await readFile(`${report}.json`, "utf8")) as RunResult;
    assert.deepEqual([data.run, data.runners], [first.run, first.runners]);
  });

  it("stores exactly the requests that its runners counted", async () => {
    const counted = first.runners.reduce((sum, { totals }) => sum + (totals?.requests ?? NaN), 0);
    // 20 a second for 5 s; fewer where the machine is too busy.
    assert.ok(counted > 50 && counted <= 102, `${counted} requests`);
    assert.equal(await requestsInStore(first.run), counted);
    assert.equal(first.figures.requests, counted);
  });

  it("keeps nothing secret readable in the state, nor shows it", async () => {
    const { resources } = await stack.state({ showSecrets: true });
    const names = ["adminPassword", "adminToken", "token", "readToken"];
    const secrets = secretTexts(resources).filter(([output]) => names.some((name) => output.endsWith(` ${name}`)));
    assert.deepEqual([...new Set(secrets.map(([output]) => output.split(" ").at(-1)))].sort(), [...names].sort());
    const { text } = await stack.state();
    for (const [name, secret] of secrets) {
      assert.ok(secret.length >= 32, `${name} is long`);
      assert.ok(!text.includes(secret), `${name} stands readable in the state`);
      assert.ok(!text.includes(Buffer.from(secret).toString("base64")), `${name} stands in the state as base64`);
      assert.ok(!shown.includes(secret), `${name} was shown`);
    }
  });

  it("keeps little of its code in the state", async () => {
    texts = providerTexts((await stack.state()).resources);
    const kinds = Object.keys(texts).map((urn) => urn.replace(/.*:(\w+)::.*/, "$1"));
    const ofStore = ["InfluxDbSetup", "StoreBucket", "StoreBucket", "StoreTask", "StoreToken", "StoreToken"];
    assert.deepEqual(kinds.sort(), [...ofStore, "LoadTestRun", "VerdictGate"].sort());
    for (const [name, text] of Object.entries(texts)) {
      assert.ok(Buffer.byteLength(text) < 2048, `${name} has ${Buffer.byteLength(text)} bytes`);
    }
  });

  it("does not run again while nothing changes", async () => {
    const uid = await jobUid(cluster, first.run);
    assert.ok(uid !== undefined);
    const { exitCode, output } = await stack.up({ shop }, "--expect-no-changes");
    assert.equal(exitCode, 0, output);
    assert.match(output, new RegExp(`${first.run}: verdict pass`), "the verdict is shown again");
    assert.equal(await jobUid(cluster, first.run), uid);
    assert.deepEqual(await jobsOf(cluster, "shop"), [first.run]);
  });

  it("runs anew for another trigger, and nothing of the run before is left", async () => {
    shop = { ...shop, trigger: `${shop.trigger as string}-again` };
    await assertAnotherRun();
  });

  it("runs anew for another script, and nothing of the run before is left", async () => {
    shop = { ...shop, script: await stack.script("steady.js", `// Another digest.\n${steady}`) };
    await assertAnotherRun();
    const { items } = await cluster.core.listNamespacedConfigMap({
      namespace,
      labelSelector: "pulumi-k6/test=shop,!pulumi-k6/run",
    });
    assert.equal(items.length, 1, "the old script is gone too");
  });

  it("keeps the same text of its code through every run", async () => {
    assert.deepEqual(providerTexts((await stack.state()).resources), texts);
  });

  it("is gone without trace after destroy", async () => {
    assert.ok((await newObjects()).length > 10, "there is something to remove");
    const { exitCode, output } = await stack.destroy();
    assert.equal(exitCode, 0, output);
    assert.deepEqual(await newObjects(), []);
    for (const name of stackNamespaces) {
      assert.equal(await orUndefined(cluster.core.readNamespace({ name })), undefined, `namespace ${name} is gone`);
    }
    await kubectl("wait", "pv", "--all", "--for=jsonpath={.status.phase}=Available", "--timeout=20s");
    await stack.close();
  });

  async function assertAnotherRun(): Promise<void> {
    const before = await stack.run();
    const { exitCode, output } = await stack.up({ shop });
    assert.equal(exitCode, 0, output);
    const now = await stack.run();
    assert.notEqual(now.run, before.run);
    assert.match(now.run, /^shop-[0-9a-f]{8}$/);
    assert.equal(now.verdict, "pass", now.reasons.join(" "));
    assert.deepEqual(await objectsOf(cluster, before.run), []);
    assert.deepEqual(await jobsOf(cluster, "shop"), [now.run]);
  }

  async function requestsInStore(run: string): Promise<number> {
    const { resources } = await stack.state({ showSecrets: true });
    const [, token] = secretTexts(resources).find(([name]) => name.includes("LoadTestRun") && name.endsWith(" readToken")) ?? [];
    const tunnel = await openTunnel(cluster, { namespace, service: "influxdb", port: storePort });
    try {
      const query = flux`from(bucket: "k6") |> range(start: -1h)
        |> filter(fn: (r) => r._measurement == "http_reqs" and r.testid == ${run}) |> group() |> sum()`;
      const [row] = await new InfluxDB({ url: tunnel.url, token })
        .getQueryApi("load-tests")
        .collectRows<{ _value: number }>(query);
      return row._value;
    } finally {
      await tunnel.close();
    }
  }
});
