import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { TargetPolicy } from "../../../components/network/target-policy";
import type { Target } from "../../../components/network/targets";

const registered: MockResourceArgs[] = [];

async function policyFor(targets: Target[]): Promise<Record<string, unknown>> {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.push(resource);
      return { id: `${resource.name}-id`, state: resource.inputs as object };
    },
    call: () => ({}),
  });
  const policy = new TargetPolicy("checkout", { namespace: "load", test: "checkout", targets });
  await new Promise<string>((resolve) => policy.policyName.apply(resolve));
  return registered.find(({ type }) => type.endsWith(":NetworkPolicy"))?.inputs as Record<string, unknown>;
}

describe("a target policy", () => {
  it("opens for the runners of its own test only", async () => {
    const { spec, metadata } = (await policyFor([{ cidrs: ["198.51.100.0/24"], ports: [443] }])) as {
      spec: { podSelector: unknown; policyTypes: string[]; egress: unknown[] };
      metadata: { namespace: string };
    };
    assert.equal(metadata.namespace, "load");
    assert.deepEqual(spec.podSelector, {
      matchLabels: { "app.kubernetes.io/managed-by": "pulumi-k6", "pulumi-k6/role": "runner", "pulumi-k6/test": "checkout" },
    });
    assert.deepEqual(spec.policyTypes, ["Egress"]);
    assert.equal(spec.egress.length, 1);
  });

  it("opens nothing without targets", async () => {
    const { spec } = (await policyFor([])) as { spec: { egress: unknown[] } };
    assert.deepEqual(spec.egress, []);
  });

  it("refuses a target that cannot be, before it creates anything", async () => {
    await assert.rejects(policyFor([{ cidrs: ["0.0.0.0/0"], ports: [443] }]), /targets\[0\].cidrs\[0\]: .*whole internet/);
    assert.ok(!registered.some(({ custom }) => custom === true));
  });
});
