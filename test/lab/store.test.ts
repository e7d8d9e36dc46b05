import assert from "node:assert/strict";
import { lookAtBucket } from "../../components/metrics/admin/buckets";
import { kubectl } from "./support/objects";
import { namespace } from "./support/settings";
import { labCluster, sharedStack } from "./support/shared";
import type { LabStack } from "./support/stack";
import { secretTexts } from "./support/state";
import { answersTo, storeTokens, withAdmin } from "./support/store";

describe("the store in the lab", function () {
  this.timeout(120_000);
  let stack: LabStack;
  let shown = "";

  before(async () => {
    stack = await sharedStack();
    await up();
  });

  async function up(): Promise<void> {
    const { exitCode, output } = await stack.up({});
    assert.equal(exitCode, 0, output);
    shown += output;
  }

  it("shows at a refresh that a retention was changed by hand, and the next up puts it back", async () => {
    const hour = 3600;
    await withAdmin(stack, async (client) => {
      const retentionRules = [{ type: "expire" as const, everySeconds: 5 * hour, shardGroupDurationSeconds: hour }];
      const { buckets: [{ id = "" }] = [{}] } = await client.buckets.getBuckets({ name: "k6" });
      await client.buckets.patchBucketsID({ bucketID: id, body: { retentionRules } });
    });
    const refreshed = await stack.pulumi("refresh", "--yes", "--skip-preview", "--non-interactive", "--diff");
    assert.equal(refreshed.exitCode, 0, refreshed.output);
    assert.match(refreshed.output, /~ retentionSeconds: 3600 => 18000/);
    await up();
    const found = await withAdmin(stack, (client) => lookAtBucket(client, { bucket: "k6", owner: "", exclusive: true }));
    assert.equal(found?.retentionSeconds, hour);
  });

  it("has other tokens after a rotation, and takes the old ones no more", async () => {
    const old = await storeTokens(stack);
    stack.settings.platform = { ...stack.settings.platform, store: { ...stack.settings.platform?.store, rotation: "2" } };
    await up();
    const now = await storeTokens(stack);
    assert.equal(new Set([...old, ...now]).size, 4, "a token each for writing and reading, before and after");
    assert.deepEqual(await answersTo(old), [401, 401]);
    assert.ok(!(await answersTo(now)).includes(401));
  });

  it("has no token in clear in state, objects, logs and what is shown", async () => {
    const { resources } = await stack.state({ showSecrets: true });
    const secrets = secretTexts(resources).filter(([name, text]) => /token|password/i.test(name) && text.length >= 32);
    assert.ok(secrets.length >= 6, `${secrets.length} secrets: admin's, for writing and for reading`);
    const kinds = (await kubectl("api-resources", "--verbs=list", "--namespaced", "-o", "name"))
      .split("\n")
      .filter((kind) => kind !== "secrets" && !kind.includes("metrics.k8s.io"));
    const { items } = await labCluster().core.listNamespacedPod({ namespace });
    // The rotation has just replaced pods; one that is going away may be gone before its log is read.
    const pods = items.flatMap(({ metadata }) => (metadata?.deletionTimestamp === undefined ? [`${metadata?.name}`] : []));
    assert.ok(pods.length > 0);
    const places: Record<string, string> = {
      state: (await stack.state()).text,
      shown,
      objects: await kubectl("-n", namespace, "get", kinds.join(","), "-o", "yaml"),
      logs: (await Promise.all(pods.map((pod) => kubectl("-n", namespace, "logs", pod, "--all-containers")))).join("\n"),
    };
    for (const [place, text] of Object.entries(places)) {
      assert.ok(text.length > 100, `there is something in ${place}`);
      for (const [name, secret] of secrets) {
        assert.ok(!text.includes(secret), `${name} stands readable in ${place}`);
        assert.ok(!text.includes(Buffer.from(secret).toString("base64")), `${name} stands in ${place} as base64`);
      }
    }
  });
});
