import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { roleLabels } from "../../../components/kube/labels";
import type { PlatformOperatorSettings } from "../../../components/platform/operator-settings";
import { LoadTestPlatform, type LoadTestPlatformArgs } from "../../../components/platform/platform";
import { Registered, valueOf } from "../../support/registered";

/** The parts of Kubernetes objects that are looked at here. */
interface Inputs {
  metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
  stringData?: object;
}

const registered = new Registered<Inputs>();

/** Values that only the engine would know. */
const told: Record<string, Record<string, unknown>> = {
  "random:index/randomPassword:RandomPassword": { result: "made-up-password" },
  "pulumi-nodejs:dynamic/pulumi-k6:StoreToken": { token: "made-up-token", tokenId: "1" },
  "pulumi-nodejs:dynamic/pulumi-k6:OperatorReady": {
    image: "mirror/k6-operator:controller-v1.7.0",
    version: "1.7.0",
    podLabels: { app: "theirs" },
  },
};

/** Names of the resources that stay when the stack goes. */
const retained: string[] = [];

const noteRetained: pulumi.ResourceTransformation = ({ name, opts }) => {
  if (opts.retainOnDelete === true) {
    retained.push(name);
  }
  return undefined;
};

async function platformWith(args: LoadTestPlatformArgs) {
  registered.all.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.all.push(resource);
      return { id: `${resource.name}-id`, state: { ...(resource.inputs as object), ...told[resource.type] } };
    },
    call: () => ({}),
  });
  retained.length = 0;
  const platform = new LoadTestPlatform("platform", args, { transformations: [noteRetained] });
  const store = await valueOf(pulumi.output(platform.store));
  const starterImage = platform.operator === undefined ? undefined : await valueOf(pulumi.output(platform.operator.starterImage));
  await pulumi.runtime.disconnect();
  return { platform, store, starterImage };
}

function namesOf(kind: string): string[] {
  return registered.inputsOf(kind).map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
}

function policiesByName(): Record<string, unknown> {
  return Object.fromEntries(registered.inputsOf("NetworkPolicy").map(({ metadata, spec }) => [metadata?.name ?? "", spec]));
}

const wished: LoadTestPlatformArgs = {
  namespace: "load",
  quota: { cpu: "4", pods: 10 },
  store: { retentionHours: 48, storageClass: "fast" },
};

describe("a load test platform", () => {
  let made: Awaited<ReturnType<typeof platformWith>>;
  before(async () => {
    made = await platformWith(wished);
  });

  it("lets only restricted pods into its namespace", () => {
    const { name, labels } = registered.one("Namespace").metadata ?? {};
    assert.equal(name, "load");
    for (const mode of ["enforce", "warn", "audit"]) {
      assert.equal(labels?.[`pod-security.kubernetes.io/${mode}`], "restricted");
    }
  });

  it("has a quota, with defaults for what is not said", () => {
    const hard = registered.one("ResourceQuota").spec?.hard as Record<string, string>;
    assert.equal(hard["limits.cpu"], "4");
    assert.equal(hard.pods, "10");
    assert.equal(hard["requests.memory"], "32Gi");
  });

  it("closes the door to every pod, and opens it for names, the gateway, peers, and the gateway to the store", () => {
    const policies = policiesByName();
    assert.deepEqual(policies["default-deny"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.deepEqual(Object.keys(policies).sort(), [
      "allow-dns",
      "allow-gateway",
      "allow-runner-peers",
      "allow-runners-to-gateway",
      "allow-store-from-gateway",
      "default-deny",
    ]);
    const toRunners = JSON.stringify(roleLabels("runner"));
    assert.ok(!JSON.stringify(policies["allow-store-from-gateway"]).includes(toRunners), "no runner reaches the store");
  });

  it("has a gateway with the store's token, which no runner gets", () => {
    assert.deepEqual(namesOf("Deployment"), ["load/gateway"]);
    const names = registered.all.filter(({ type }) => type.endsWith(":Secret")).map(({ name }) => name);
    assert.deepEqual(names.filter((name) => name.includes("gateway")).sort(), [
      "platform-gateway-pair",
      "platform-gateway-token",
    ]);
  });

  it("has no Grafana unless it is wished; one that is reaches the store and is told to load tests", async () => {
    assert.equal(made.platform.grafana, undefined);
    const { platform } = await platformWith({ namespace: "load", grafana: {} });
    assert.deepEqual(namesOf("Deployment").sort(), ["load/gateway", "load/grafana"]);
    assert.ok(policiesByName()["allow-grafana-to-store"]);
    assert.ok(platform.grafana);
    assert.equal((await valueOf(platform.grafana)).grafana.url, "http://grafana.load.svc:3000");
    await assert.rejects(platformWith({ grafana: { bind: { url: "http://g" } } }), /grafana\.bind\.token: is missing/);
    made = await platformWith(wished);
  });

  it("is watched where that is wished, once the cluster has said that it knows rules and monitors", async () => {
    assert.deepEqual([registered.inputsOf("AlertDefinitions"), registered.inputsOf("PrometheusRule")], [[], []]);
    await platformWith({
      ...{ namespace: "load", cluster: { context: "shop" }, operator: {}, store: { storageSize: "10Gi" } },
      alerts: { prometheus: { namespace: "monitoring" } },
    });
    assert.equal((registered.one("AlertDefinitions") as { context?: string }).context, "shop");
    const asked = registered.all.findIndex(({ type }) => type.endsWith(":AlertDefinitions"));
    const created = registered.all.findIndex(({ type }) => type.startsWith("kubernetes:"));
    assert.ok(asked < created, "nothing is created before");
    const rule = JSON.stringify(registered.one("PrometheusRule").spec);
    assert.match(rule, /storage_shard_disk_size\{namespace=\\"load\\"\}\) \/ 10737418240/);
    assert.match(rule, /controller_runtime_reconcile_errors_total\{namespace=\\"load-operator\\"/);
    assert.deepEqual(namesOf("PodMonitor").sort(), ["load/k6-gateway", "load/k6-operator", "load/k6-store"]);
    const ports = JSON.stringify(registered.inputsOf("Deployment").find(({ metadata }) => metadata?.name === "gateway")?.spec);
    assert.match(ports, /\{"containerPort":9273,"name":"metrics"\}/);
    await assert.rejects(
      platformWith({ alerts: { prometheus: { namespace: "monitoring" }, scrapeSeconds: 1 } }),
      /alerts\.scrapeSeconds: 1 cannot be/,
    );
    made = await platformWith(wished);
  });

  it("runs the store as nobody, on a read-only system, within equal requests and limits", () => {
    const spec = registered.one("StatefulSet").spec as { template: { spec: StorePodSpec } };
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
    const [claim] = registered.one("StatefulSet").spec?.volumeClaimTemplates as { spec: { storageClassName: string } }[];
    assert.equal(claim?.spec.storageClassName, "fast");
  });

  it("sets the store up through the API server, with the retention in seconds", () => {
    const { namespace, service, port, retentionSeconds } = registered.one("InfluxDbSetup") as Record<string, unknown>;
    assert.deepEqual(
      { namespace, service, port, retentionSeconds },
      { namespace: "load", service: "influxdb", port: 8086, retentionSeconds: 172800 },
    );
  });

  it("gives every secret to the engine as a secret", () => {
    for (const { type, inputs } of registered.all) {
      // The mocks see a secret as an envelope; what is left without the envelopes is in clear.
      const clear = JSON.stringify(inputs, (_, value: unknown) => (isEnvelope(value) ? "secret" : value));
      assert.ok(!clear.includes("made-up"), `${type} has a secret in clear: ${clear}`);
    }
    const secrets = registered.inputsOf("Secret");
    assert.ok(secrets.length > 0);
    secrets.forEach(({ stringData = {} }) => {
      const values = Object.entries(stringData).filter(([key]) => key !== "username");
      assert.ok(isEnvelope(stringData) || values.every(([, value]) => isEnvelope(value)), JSON.stringify(stringData));
    });
  });

  it("hands out how to write and how to read, with the token as a secret", async () => {
    assert.ok(await pulumi.isSecret(pulumi.output(made.platform.store.readToken)));
    assert.equal(await pulumi.isSecret(pulumi.output(made.platform.store.writeUrl)), false);
    assert.deepEqual(made.store, {
      writeUrl: "http://gateway.load.svc:8186",
      org: "load-tests",
      bucket: "k6",
      writeSecret: "k6-gateway-write",
      mode: "raw",
      service: { namespace: "load", service: "influxdb", port: 8086 },
      readToken: "made-up-token",
    });
  });

  it("lets runners write to the store itself where no gateway is wanted", async () => {
    const { store } = await platformWith({ namespace: "load", gateway: { enabled: false } });
    assert.equal(store.writeUrl, "http://influxdb.load.svc:8086");
    assert.equal(store.mode, undefined);
    assert.deepEqual(namesOf("Deployment"), []);
    assert.ok(Object.keys(policiesByName()).includes("allow-runners-to-store"));
    assert.ok(!Object.keys(policiesByName()).includes("allow-gateway"));
  });

  it("has no operator where none is wanted", () => {
    assert.equal(made.platform.operator, undefined);
    assert.deepEqual(registered.inputsOf("OperatorReady"), []);
  });

  it("refuses a gateway that cannot be", async () => {
    await assert.rejects(platformWith({ gateway: { replicas: 0 } }), /gateway\.replicas: 0 replicas cannot be/);
  });

  it("refuses a retention that InfluxDB cannot keep", async () => {
    await assert.rejects(
      platformWith({ store: { retentionHours: 0.5 } }),
      /retentionHours: 0.5 is less than InfluxDB can keep: use at least 1 hour/,
    );
  });
});

describe("a platform with an operator", () => {
  let made: Awaited<ReturnType<typeof platformWith>>;
  before(async () => {
    made = await platformWith({ namespace: "load", operator: { expectedRunners: 100 } });
  });

  it("gives it a closed namespace of its own for restricted pods, which no run can fill", () => {
    const [own, ...others] = registered.inputsOf("Namespace").filter(({ metadata }) => metadata?.name !== "load");
    assert.deepEqual([own?.metadata?.name, others], ["load-operator", []]);
    assert.equal(own?.metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    assert.deepEqual(namesOf("ResourceQuota"), ["load/load-tests"]);
    assert.ok(namesOf("NetworkPolicy").includes("load-operator/default-deny"));
    assert.deepEqual(namesOf("Deployment").sort(), ["load-operator/platform-operator", "load/gateway"]);
  });

  it("gives it rights in the namespace of the runs and nowhere else", () => {
    assert.deepEqual(namesOf("Role"), ["load/load-operator-platform-operator"]);
    assert.deepEqual(registered.inputsOf("ClusterRole"), []);
    const { namespaces } = registered.one("OperatorReady") as { namespaces: string[] };
    assert.deepEqual(namespaces, ["load"]);
  });

  it("lets it and starters in to the runners", () => {
    const policies = namesOf("NetworkPolicy");
    assert.ok(policies.includes("load/load-operator-platform-operator-runners"));
    assert.ok(policies.includes("load/load-operator-platform-operator-starters"));
  });

  it("never removes the definitions, with which every TestRun of the cluster would go", () => {
    const crds = registered.inputsOf("CustomResourceDefinitionPatch").map(({ metadata }) => metadata?.name);
    assert.deepEqual(crds.sort(), ["privateloadzones.k6.io", "testruns.k6.io"]);
    assert.deepEqual(retained.sort(), ["platform-operator-privateloadzones", "platform-operator-testruns"]);
  });

  it("hands out the starter for load tests", () => assert.equal(made.starterImage, "ghcr.io/grafana/k6-operator:starter-v1.6.0"));
});

describe("a platform with an adopted operator", () => {
  it("creates nothing but the way from it and from starters to the runners", async () => {
    const { starterImage } = await platformWith({ namespace: "load", operator: { adopt: true, namespace: "theirs" } });
    assert.equal(starterImage, "mirror/k6-operator:starter-v1.7.0");
    assert.deepEqual(namesOf("Namespace"), ["undefined/load"]);
    assert.deepEqual(namesOf("Deployment"), ["load/gateway"]);
    assert.deepEqual([registered.inputsOf("Role"), registered.inputsOf("CustomResourceDefinitionPatch")], [[], []]);
    assert.deepEqual(
      namesOf("NetworkPolicy")
        .filter((name) => name.includes("operator"))
        .sort(),
      ["load/theirs-platform-operator-runners", "load/theirs-platform-operator-starters"],
    );
  });
});

describe("a platform whose operator cannot be", () => {
  const refused: [string, PlatformOperatorSettings, RegExp][] = [
    ["adopted from nowhere", { adopt: true }, /operator\.namespace: is missing: with `adopt: true`/],
    ["in the runs' namespace", { namespace: "load" }, /operator\.namespace: is "load", the platform's own.*fill the quota/],
    ["another one every day", { image: "k6-operator:latest", replicas: 0 }, /operator\.image: .*[^]*operator\.replicas: /],
  ];
  for (const [what, operator, says] of refused) {
    it(`is refused before anything is created: ${what}`, async () => {
      await assert.rejects(platformWith({ namespace: "load", operator }), says);
      assert.deepEqual(
        registered.all.filter(({ type }) => !type.startsWith("pulumi-k6:index:LoadTestPlatform")),
        [],
      );
    });
  }
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
