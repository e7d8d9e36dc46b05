import assert from "node:assert/strict";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { labelKeys } from "../../components/kube/labels";
import { killTree } from "./support/kill";
import { jobsOf, seen } from "./support/objects";
import { steady } from "./support/scripts";
import { namespace } from "./support/settings";
import { freshLoadTest, labCluster, sharedStack } from "./support/shared";
import type { LabStack } from "./support/stack";
import { answersTo, storeTokens } from "./support/store";

const loadSeconds = 45;
const requestsPerSecond = 50;
const script = steady.replace('"5s"', `"${loadSeconds}s"`).replace("rate: 20", `rate: ${requestsPerSecond}`);

describe("a rotation of the store's tokens while a run goes on in the lab", function () {
  this.timeout(180_000);
  let stack: LabStack;
  before(async () => (stack = await sharedStack()));

  it("loses no sample: gateways go on with the new token before the old one is revoked, and the run is judged with the new", async () => {
    const prepared = await stack.up({});
    assert.equal(prepared.exitCode, 0, prepared.output);
    const cluster = labCluster();
    const gateways = async () => {
      const labelSelector = `${labelKeys.role}=gateway`;
      const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector });
      return items.flatMap(({ metadata }) => metadata?.name ?? []);
    };
    const shop = await freshLoadTest(stack, { script: await stack.script("rotated.js", script) });
    const [old, before, earlier] = [await storeTokens(stack), await gateways(), await jobsOf(cluster, "shop")];

    // Pulumi holds the stack's lock while it conducts a run. Of a killed one the run goes on, and the stack is free for the rotation.
    const conducted = await stack.startUp({ shop });
    const isStarted = ({ data, metadata }: V1ConfigMap) => data?.started !== undefined && !earlier.includes(metadata?.name ?? "");
    await seen<V1ConfigMap>(cluster, "configmaps", "pulumi-k6/test=shop,pulumi-k6/run", isStarted);
    await killTree(conducted.command.pid ?? 0);
    await conducted.command;

    const { store } = stack.settings.platform ?? {};
    stack.settings.platform = { ...stack.settings.platform, store: { ...store, rotation: `during-${Date.now()}` } };
    // Store and gateway alone: with the run among what is brought up, old tokens would live until it is judged.
    const rotated = await stack.up({ shop }, "--target", "**:InfluxDb**", "--target", "**:MetricsGateway**");
    const rotatedAt = Date.now();
    assert.equal(rotated.exitCode, 0, rotated.output);
    assert.deepEqual(await answersTo(old), [401, 401], "the old tokens are revoked");
    const after = await gateways();
    assert.ok(
      after.length >= 2 && !after.some((pod) => before.includes(pod)),
      `${before.join(" ")} gave way to ${after.join(" ")}`,
    );

    const judged = await stack.up({ shop });
    const { verdict, reasons, accounts = [], finishedAt, figures } = await stack.run();
    assert.equal(verdict, "pass", [...reasons, judged.output].join("\n"));
    assert.ok(rotatedAt < Date.parse(finishedAt ?? ""), "the rotation was over before the load");
    assert.ok(figures.requests > 0.9 * loadSeconds * requestsPerSecond, `${figures.requests} requests`);
    assert.equal(accounts.length, 8);
    accounts.forEach(({ metric, counted, stored }) => assert.equal(stored, counted, metric));
    const beforeEnd = ((Date.parse(finishedAt ?? "") - rotatedAt) / 1000).toFixed(0);
    console.log(`      ${figures.requests} requests, all stored; rotated ${beforeEnd} s before the end of load`);
  });
});
