import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { LoadTestPlatform, type LoadTestPlatformArgs } from "../../../components/platform/platform";

/** The parts of Kubernetes objects that are looked at here. */
interface Inputs {
  metadata?: { name?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
  stringData?: unknown;
}

const registered: MockResourceArgs[] = [];

/** Values that only the engine would know. */
const told: Record<string, Record<string, unknown>> = {
  "random:index/randomPassword:RandomPassword": { result: "made-up-password" },
  "pulumi-nodejs:dynamic/pulumi-k6:InfluxDbSetup": { writeToken: "made-up-write-token", readToken: "made-up-read-token" },
};

async function platformWith(args: LoadTestPlatformArgs) {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.push(resource);
      return { id: `${resource.name}-id`, state: { ...(resource.inputs as object), ...told[resource.type] } };
    },
    call: () => ({}),
  });
  const platform = new LoadTestPlatform("platform", args);
  const store = await valueOf(platform.store);
  await pulumi.runtime.disconnect();
  return { platform, store };
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

function inputsOf(kind: string): Inputs[] {
  return registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs as Inputs);
}

function one(kind: string): Inputs {
  const [found, ...others] = inputsOf(kind);
  assert.ok(found !== undefined && others.length === 0, `one ${kind}`);
  return found;
}

describe("a load test platform", () => {
  let made: Awaited<ReturnType<typeof platformWith>>;
  before(async () => {
    made = await platformWith({
      namespace: "load",
      quota: { cpu: "4", pods: 10 },
      store: { retentionHours: 48, storageClass: "fast" },
    });
  });

  it("lets only restricted pods into its namespace", () => {
    const { name, labels } = one("Namespace").metadata ?? {};
    assert.equal(name, "load");
    for (const mode of ["enforce", "warn", "audit"]) {
      assert.equal(labels?.[`pod-security.kubernetes.io/${mode}`], "restricted");
    }
  });

  it("has a quota, with defaults for what is not said", () => {
    const hard = one("ResourceQuota").spec?.hard as Record<string, string>;
    assert.equal(hard["limits.cpu"], "4");
    assert.equal(hard.pods, "10");
    assert.equal(hard["requests.memory"], "32Gi");
  });

  it("closes the door to every pod, and opens it for names, the store and peers", () => {
    const policies: Record<string, unknown> = Object.fromEntries(
      inputsOf("NetworkPolicy").map(({ metadata, spec }) => [metadata?.name ?? "", spec]),
    );
    assert.deepEqual(policies["default-deny"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.deepEqual(Object.keys(policies).sort(), [
      "allow-dns",
      "allow-runner-peers",
      "allow-runners-to-store",
      "allow-store-from-runners",
      "default-deny",
    ]);
  });

  it("runs the store as nobody, on a read-only system, within equal requests and limits", () => {
    const spec = one("StatefulSet").spec as { template: { spec: StorePodSpec } };
    const pod = spec.template.spec;
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
    for (const { securityContext, resources, env } of pod.containers) {
      assert.equal(securityContext.readOnlyRootFilesystem, true);
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
      assert.deepEqual(resources.requests, resources.limits);
      assert.ok(!JSON.stringify(env).includes("made-up"), "no secret in the environment");
    }
  });

  it("keeps the store's data on a volume of the class that was asked for", () => {
    const [claim] = one("StatefulSet").spec?.volumeClaimTemplates as { spec: { storageClassName: string } }[];
    assert.equal(claim?.spec.storageClassName, "fast");
  });

  it("sets the store up through the API server, with the retention in seconds", () => {
    const { namespace, service, port, retentionSeconds } = one("InfluxDbSetup") as Record<string, unknown>;
    assert.deepEqual(
      { namespace, service, port, retentionSeconds },
      { namespace: "load", service: "influxdb", port: 8086, retentionSeconds: 172800 },
    );
  });

  it("gives every secret to the engine as a secret", () => {
    for (const { type, inputs } of registered) {
      // The mocks see a secret as an envelope; what is left without the envelopes is in clear.
      const clear = JSON.stringify(inputs, (_, value: unknown) => (isEnvelope(value) ? "secret" : value));
      assert.ok(!clear.includes("made-up"), `${type} has a secret in clear: ${clear}`);
    }
    assert.ok(isEnvelope(one("Secret").stringData) || isEnvelope((one("Secret").stringData as Record<string, unknown>).password));
  });

  it("hands out how to write and how to read, as a secret", async () => {
    assert.ok(await pulumi.isSecret(made.platform.store));
    assert.deepEqual(made.store, {
      writeUrl: "http://influxdb.load.svc:8086",
      org: "load-tests",
      bucket: "k6",
      writeSecret: "k6-store-write",
      service: { namespace: "load", service: "influxdb", port: 8086 },
      readToken: "made-up-read-token",
    });
  });

  it("refuses a retention that InfluxDB cannot keep", async () => {
    await assert.rejects(
      platformWith({ store: { retentionHours: 0.5 } }),
      /retentionHours: 0.5 is less than InfluxDB can keep: use at least 1 hour/,
    );
  });
});

interface StorePodSpec {
  automountServiceAccountToken: boolean;
  securityContext: { runAsNonRoot: boolean; seccompProfile: unknown };
  containers: {
    securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean; capabilities: unknown };
    resources: { requests: unknown; limits: unknown };
    env: unknown;
  }[];
}

/** By this key a secret is marked on its way to the engine. */
function isEnvelope(value: unknown): boolean {
  return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}
