import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { Grafana, type GrafanaRuns } from "../../../components/grafana/grafana";
import { grafanaProblems, type GrafanaSettings } from "../../../components/grafana/settings";
import { roleLabels } from "../../../components/kube/labels";
import { Registered, valueOf } from "../../support/registered";

/** The parts of resources that are looked at here. */
interface Inputs {
  metadata?: { name?: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
  uid?: string;
  folder?: string;
}

const registered = new Registered<Inputs>();
const store = { url: "http://influxdb.load.svc:8086", org: "load-tests", bucket: "k6", readToken: pulumi.secret("read-token") };

async function grafanaWith(settings: GrafanaSettings) {
  registered.all.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.all.push(resource);
      const { metadata } = resource.inputs as Inputs;
      const told = { metadata: { name: resource.name, ...metadata }, result: "made-up-password" };
      return { id: `${resource.name}-id`, state: { ...(resource.inputs as object), ...told } };
    },
    call: () => ({}),
  });
  const grafana = new Grafana("grafana", { namespace: "load", store, ...settings });
  const runs = await valueOf(grafana.runs);
  const url = await valueOf(grafana.url);
  const isSecret = await pulumi.isSecret(grafana.runs);
  await pulumi.runtime.disconnect();
  return { runs, url, isSecret };
}

interface PodSpec {
  automountServiceAccountToken: boolean;
  securityContext: { runAsNonRoot: boolean; seccompProfile: object };
  containers: {
    image: string;
    env: { name: string; value?: string }[];
    resources: { requests: object; limits: object };
    securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean; capabilities: object };
  }[];
  volumes: { name: string; emptyDir?: object; persistentVolumeClaim?: { claimName: string } }[];
}

const podOf = () => (registered.one("Deployment").spec as { template: { spec: PodSpec } }).template.spec;
const environment = () => Object.fromEntries(podOf().containers[0]?.env.map(({ name, value }) => [name, value]) ?? []);
const policies = () =>
  Object.fromEntries(registered.inputsOf("NetworkPolicy").map(({ metadata, spec }) => [metadata?.name ?? "", spec]));

describe("a Grafana that is deployed", () => {
  let made: Awaited<ReturnType<typeof grafanaWith>>;
  before(async () => {
    made = await grafanaWith({});
  });

  it("runs as nobody, on a read-only system, of a pinned image, within equal requests and limits", () => {
    const pod = podOf();
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
    for (const { image, securityContext, resources } of pod.containers) {
      assert.match(image, /^grafana\/grafana:13\.\d+\.\d+$/);
      assert.equal(securityContext.readOnlyRootFilesystem, true);
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
      assert.deepEqual(resources.requests, resources.limits);
    }
  });

  it("has no secret among its variables, and calls nobody on the internet", () => {
    const variables = environment();
    assert.ok(!JSON.stringify(variables).match(/made-up-password|read-token/));
    assert.equal(variables.GF_ANALYTICS_REPORTING_ENABLED, "false");
    assert.equal(variables.GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED, "true");
    assert.equal(variables.GF_AUTH_ANONYMOUS_ENABLED, "false");
    assert.equal(variables.GF_SERVER_SERVE_FROM_SUB_PATH, "false");
  });

  it("reads the store by a file whose token is a variable, and dashboards that nobody can change in it", () => {
    const data = registered.inputsOf("ConfigMap").flatMap((configMap) => Object.entries(configMap.data ?? {}));
    const files = Object.fromEntries(data);
    const { datasources } = parse(files["datasources.yaml"] ?? "") as { datasources: Record<string, unknown>[] };
    assert.equal(datasources[0]?.uid, "k6-store");
    assert.deepEqual(datasources[0].secureJsonData, { token: "$STORE_TOKEN" });
    assert.deepEqual((datasources[0].jsonData as Record<string, unknown>).defaultBucket, "k6");
    const { providers } = parse(files["dashboards.yaml"] ?? "") as { providers: Record<string, unknown>[] };
    assert.equal(providers[0]?.allowUiUpdates, false);
    assert.deepEqual(
      Object.keys(files)
        .filter((file) => file.endsWith(".json"))
        .sort(),
      ["k6-compare.json", "k6-fleet.json", "k6-generators.json", "k6-platform.json", "k6-run.json"],
    );
  });

  it("reaches the store and nothing else, and is reached by nobody", () => {
    assert.deepEqual(Object.keys(policies()).sort(), ["allow-grafana-to-store", "allow-store-from-grafana"]);
    assert.deepEqual(policies()["allow-grafana-to-store"], {
      podSelector: { matchLabels: roleLabels("grafana") },
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: { matchLabels: roleLabels("store") } }], ports: [{ protocol: "TCP", port: 8086 }] }],
    });
  });

  it("keeps nothing unless told so", () => {
    assert.equal(registered.inputsOf("PersistentVolumeClaim").length, 0);
    assert.ok(podOf().volumes.find(({ name }) => name === "data")?.emptyDir);
  });

  it("tells load tests where it is, how its API is reached through the cluster, and as a secret by what", () => {
    const { runs, isSecret } = made;
    assert.equal(isSecret, true);
    assert.deepEqual(runs, {
      grafana: {
        ...{ url: "http://grafana.load.svc:3000", org: 1, dataSource: "k6-store" },
        service: { namespace: "load", service: "grafana", port: 3000 },
      },
      authorization: `Basic ${Buffer.from("admin:made-up-password").toString("base64")}`,
    } satisfies GrafanaRuns);
  });

  it("is open to people through an Ingress under a path, by the controller's namespace alone, with a volume, if wished", async () => {
    const ingress = { host: "g.example.com", tlsSecret: "cert", controllerNamespace: "ingress" };
    const { url } = await grafanaWith({ ingress, url: "https://g.example.com/tools", storage: { size: "2Gi" } });
    assert.equal(url, "https://g.example.com/tools");
    assert.equal(environment().GF_SERVER_SERVE_FROM_SUB_PATH, "true");
    assert.match(JSON.stringify(registered.one("Ingress").spec), /"path":"\/tools"/);
    assert.match(JSON.stringify(policies()["allow-grafana-from-ingress"]), /"kubernetes.io\/metadata.name":"ingress"/);
    assert.ok(podOf().volumes.find(({ name }) => name === "data")?.persistentVolumeClaim);
    assert.deepEqual((registered.one("PersistentVolumeClaim").spec as { resources: object }).resources, {
      requests: { storage: "2Gi" },
    });
  });

  it("reaches a store elsewhere by its addresses", async () => {
    await grafanaWith({ storeAddresses: { cidrs: ["203.0.113.7/32"], ports: [443] } });
    assert.match(JSON.stringify(policies()["allow-grafana-to-store"]), /203\.0\.113\.7\/32/);
    assert.equal(policies()["allow-store-from-grafana"], undefined);
  });
});

describe("a Grafana that is bound", () => {
  const bind = { url: "https://example.com/grafana", token: "token", org: 3 };

  it("gets folder, data source and dashboards over its API, and no pod", async () => {
    const { runs, url } = await grafanaWith({ bind });
    assert.equal(url, bind.url);
    assert.deepEqual(
      registered.inputsOf("GrafanaFolder").map(({ uid }) => uid),
      ["k6"],
    );
    assert.deepEqual(
      registered.inputsOf("GrafanaDataSource").map(({ uid }) => uid),
      ["k6-store"],
    );
    assert.equal(registered.inputsOf("GrafanaDashboard").length, 5);
    assert.ok(registered.inputsOf("GrafanaDashboard").every(({ folder }) => folder === "k6"));
    assert.equal(registered.inputsOf("Deployment").length, 0);
    assert.deepEqual(runs.grafana, { url: bind.url, org: 3, dataSource: "k6-store" });
    assert.equal(runs.authorization, "Bearer token");
  });

  it("has uids and titles of its own by a name, so that two stacks can have one Grafana", async () => {
    const { runs } = await grafanaWith({ bind: { ...bind, name: "dev" } });
    assert.deepEqual(runs.grafana, { url: bind.url, org: 3, dataSource: "k6-store-dev", name: "dev" });
    const made = registered.all.map(({ inputs }) => inputs as { uid?: string; title?: string; json?: string });
    const uids = made.flatMap(({ uid }) => uid ?? []);
    assert.deepEqual(uids.sort(), [
      ...["k6-compare-dev", "k6-dev", "k6-fleet-dev", "k6-generators-dev", "k6-platform-dev", "k6-run-dev", "k6-store-dev"],
    ]);
    const fleet = made.find(({ uid }) => uid === "k6-fleet-dev")?.json ?? "";
    assert.match(fleet, /"title":"k6 fleet dev"/);
    assert.match(fleet, /\/d\/k6-run-dev\?/);
    assert.ok(!fleet.includes("/d/k6-run?"));
    assert.deepEqual(made.flatMap(({ title }) => title ?? []).sort(), ["k6 dev", "k6 store dev"]);

    await grafanaWith({ bind: { url: bind.url, name: "dev", content: "operator", instanceLabels: { dashboards: "main" } } });
    const specs = registered.all.map(({ inputs }) => (inputs as Inputs).spec ?? {});
    assert.deepEqual(specs.flatMap(({ uid = [] }) => uid as string).sort(), uids.sort());
  });

  it("has dashboards that say whose they are", async () => {
    await grafanaWith({ bind });
    for (const { json = "{}" } of registered.inputsOf("GrafanaDashboard") as { json?: string }[]) {
      const { tags } = JSON.parse(json) as { tags: string[] };
      assert.ok(
        ["pulumi-k6", `stack:${pulumi.getProject()}/${pulumi.getStack()}`].every((tag) => tags.includes(tag)),
        tags.join(),
      );
    }
  });

  it("marks verdicts by a token of its own, and leaves a data source that is there alone", async () => {
    const { runs } = await grafanaWith({ bind: { ...bind, annotationToken: "lesser", dataSource: "influx" } });
    assert.equal(registered.inputsOf("GrafanaDataSource").length, 0);
    assert.equal(runs.grafana.dataSource, "influx");
    assert.equal(runs.authorization, "Bearer lesser");
  });

  it("reaches the store by an address of its own, or from its namespace, if told so", async () => {
    await grafanaWith({ bind: { ...bind, storeUrl: "https://store.example.com", namespace: "monitoring" } });
    assert.equal((registered.one("GrafanaDataSource") as { storeUrl?: string }).storeUrl, "https://store.example.com");
    assert.match(JSON.stringify(policies()["allow-store-from-grafana"]), /"kubernetes.io\/metadata.name":"monitoring"/);
  });

  it("is given dashboards by its sidecar, without a token", async () => {
    const { runs } = await grafanaWith({
      bind: { url: bind.url, content: "sidecar", dataSource: "influx", contentNamespace: "monitoring" },
    });
    const maps = registered.inputsOf("ConfigMap");
    assert.equal(maps.length, 5);
    for (const { metadata, data } of maps) {
      assert.equal(metadata?.namespace, "monitoring");
      assert.equal(metadata?.labels?.grafana_dashboard, "1");
      assert.equal(Object.keys(data ?? {}).length, 1);
    }
    assert.equal(runs.authorization, "");
  });

  it("is marked and linked alone, if wished", async () => {
    const { runs } = await grafanaWith({ bind: { ...bind, content: "none" } });
    assert.deepEqual(
      registered.all.map(({ type }) => type),
      ["pulumi-k6:index:Grafana"],
    );
    assert.equal(runs.authorization, "Bearer token");
  });

  it("is given objects of grafana-operator, the store's token by a Secret", async () => {
    await grafanaWith({ bind: { url: bind.url, content: "operator", instanceLabels: { dashboards: "main" } } });
    const objects = registered.all.filter(({ type }) => type.startsWith("kubernetes:grafana.integreatly.org/v1beta1:"));
    const kinds = objects.map(({ type }) => type.split(":").at(-1));
    assert.deepEqual(kinds.sort(), [
      "GrafanaDashboard",
      "GrafanaDashboard",
      "GrafanaDashboard",
      "GrafanaDashboard",
      "GrafanaDashboard",
      "GrafanaDatasource",
      "GrafanaFolder",
    ]);
    const text = JSON.stringify(objects.map(({ inputs }) => inputs as object));
    assert.ok(!text.includes("read-token") && text.includes("secretKeyRef"));
    assert.ok(
      objects.every(({ inputs }) => JSON.stringify(inputs).includes('"instanceSelector":{"matchLabels":{"dashboards":"main"}}')),
    );
  });
});

describe("the settings of a Grafana", () => {
  for (const [what, settings, told] of [
    ["an address without a scheme", { url: "example.com" }, /^url: "example.com" is no address/],
    ["an address of the store without a scheme", { bind: { url: "http://g", token: "t", storeUrl: "x" } }, /^bind.storeUrl: "x"/],
    ["a host with a path", { ingress: { host: "a/b", controllerNamespace: "x" } }, /^ingress.host: "a\/b"/],
    ["a binding without a token", { bind: { url: "http://g" } }, /^bind.token: is missing/],
    ["a name with a dot", { bind: { url: "http://g", token: "t", name: "a.b" } }, /^bind.name: "a\.b" cannot be part of a uid/],
    ["a name that is too long", { bind: { url: "http://g", token: "t", name: "a".repeat(21) } }, /^bind.name: .*up to 20/],
    ["an image for one that is there", { image: "x", bind: { url: "http://g", token: "t" } }, /^image: .*`bind`/],
    [
      "a sidecar without a data source",
      { bind: { url: "http://g", content: "sidecar" as const } },
      /^bind.dataSource: is missing/,
    ],
    [
      "an operator without labels",
      { bind: { url: "http://g", content: "operator" as const } },
      /^bind.instanceLabels: is missing/,
    ],
    [
      "a uid that Grafana would not take",
      { bind: { url: "http://g", token: "t", dataSource: "a.b" } },
      /^bind.dataSource: "a.b" is no uid/,
    ],
  ] as const) {
    it(`refuse ${what}`, () => {
      const lines = grafanaProblems(settings).map(({ path, reason }) => `${path}: ${reason}`);
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0] ?? "", told);
    });
  }

  it("may be empty", () => assert.deepEqual(grafanaProblems({}), []));
});
