import assert from "node:assert/strict";
import { lookAtBucket } from "../../components/metrics/admin/buckets";
import { leaksIn, readablePlaces, secretsOf, type Secret } from "./support/leaks";
import { namespace } from "./support/settings";
import { freshLoadTest, labCluster, sharedStack } from "./support/shared";
import type { LabStack } from "./support/stack";
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

  describe("and its tokens, after a run", () => {
    let secrets: Secret[];
    before(async () => {
      const { exitCode, output } = await stack.up({ shop: await freshLoadTest(stack) });
      assert.equal(exitCode, 0, output);
      shown += output;
      secrets = await secretsOf(stack);
      const whose = [
        /-admin-password /,
        /-admin-token /,
        /gateway-password /,
        /:StoreToken::\S+-write /,
        /:StoreToken::\S+-read /,
      ];
      whose.forEach((one) =>
        assert.ok(
          secrets.some(([name]) => one.test(name)),
          String(one),
        ),
      );
    });

    it("stand nowhere in clear: state, objects, arguments, logs, reports and what is shown", async () => {
      const places = await readablePlaces(stack, shown);
      const logs = Object.keys(places).filter((place) => place.startsWith("log of "));
      for (const pod of ["influxdb-0", "gateway-", "shop-"]) {
        assert.ok(
          logs.some((place) => place.startsWith(`log of ${pod}`)),
          `${pod} is among ${logs.join(", ")}`,
        );
      }
      assert.deepEqual(leaksIn(places, secrets), []);
    });

    it("are found there where somebody puts them", async () => {
      const planted = {
        metadata: { name: "planted" },
        data: Object.fromEntries(secrets.map(([, text], i) => [`key-${i}`, text])),
      };
      const { core } = labCluster();
      await core.createNamespacedConfigMap({ namespace, body: planted });
      try {
        const leaks = leaksIn(await readablePlaces(stack, shown), secrets);
        assert.deepEqual(
          leaks,
          secrets.map(([name]) => `${name} stands in objects, readable`),
        );
      } finally {
        await core.deleteNamespacedConfigMap({ namespace, name: "planted" });
      }
    });
  });
});
