import assert from "node:assert/strict";
import type { Definition } from "../../../components/operator/crds/definition";
import { inPulumisNames } from "../../../components/operator/crds/crds";
import { kubernetesSchema } from "../../../components/operator/crds/kubernetes-schema";
import { privateLoadZoneDefinition } from "../../../components/operator/crds/private-load-zone";
import type { Schema } from "../../../components/operator/crds/schema";
import { testRunDefinition } from "../../../components/operator/crds/test-run";
import { misfits } from "./structural";

function schemaOf({ spec }: Definition): Schema {
  return spec.versions[0].schema.openAPIV3Schema;
}

function everySchema(schema: Schema, path = ""): [string, Schema][] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => everySchema(inner, `${path}.${key}`));
  const inside = [schema.items, schema.additionalProperties].flatMap((inner) =>
    inner === undefined ? [] : everySchema(inner, `${path}[]`),
  );
  return [[path, schema], ...fields, ...inside];
}

const pod = {
  image: "grafana/k6:1.1.0",
  automountServiceAccountToken: "false",
  env: [
    { name: "BASE_URL", value: "http://target" },
    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "token", key: "value" } } },
  ],
  resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { cpu: 1, memory: "2.5e8" } },
  securityContext: { runAsNonRoot: true, runAsUser: 12345, seccompProfile: { type: "RuntimeDefault" } },
  containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  readinessProbe: { httpGet: { path: "/v1/status", port: 6565 }, periodSeconds: 1 },
  livenessProbe: { tcpSocket: { port: "http" } },
  volumes: [
    { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    { name: "data", secret: { secretName: "data", items: [{ key: "a", path: "a", mode: 256 }] } },
  ],
  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone", labelSelector: { matchLabels: { app: "k6" } } }],
    },
  },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" }],
};
const testRun = {
  apiVersion: "k6.io/v1alpha1",
  kind: "TestRun",
  metadata: { name: "checkout-3f9a1c2e" },
  spec: {
    script: { configMap: { name: "checkout", file: "test.js" } },
    parallelism: 2,
    args: ["--tag", "testid=checkout"],
    quiet: "true",
    runner: pod,
    initializer: pod,
  },
  status: {
    stage: "started",
    conditions: [
      {
        type: "TestRunRunning",
        status: "True",
        reason: "TestRunRunningTrue",
        message: "",
        lastTransitionTime: "2026-11-24T09:00:00Z",
      },
    ],
  },
};

function changed(change: object): object {
  return { ...testRun, spec: { ...testRun.spec, ...change } };
}

const withRunner = (change: object) => changed({ runner: { ...pod, ...change } });

describe("the definition of TestRun", () => {
  const schema = schemaOf(testRunDefinition);

  it("takes a run with everything that we set", () => assert.deepEqual(misfits(schema, testRun), []));

  it("takes a run with the least", () =>
    assert.deepEqual(misfits(schema, { spec: { parallelism: 1, script: { localFile: "/test.js" } } }), []));

  // Each of these is stored by a definition that lets anything in, and then the controller sees no TestRun at all.
  const unreadable: Record<string, object> = {
    "parallelism in words": changed({ parallelism: "two" }),
    "half a runner": changed({ parallelism: 1.5 }),
    "more runners than an int32": changed({ parallelism: 3_000_000_000 }),
    "paused as a boolean": changed({ paused: true }),
    "an argument that is a number": changed({ args: ["--vus", 10] }),
    "arguments as a list": changed({ arguments: ["--vus"] }),
    "a runner that is a list": changed({ runner: [] }),
    "env as an object": withRunner({ env: { A: "b" } }),
    "a variable that is a number": withRunner({ env: [{ name: "A", value: 1 }] }),
    "affinity that is text, deep inside": withRunner({ affinity: { nodeAffinity: "gpu" } }),
    "an amount that is none": withRunner({ resources: { limits: { cpu: "lots" } } }),
    "an amount with an absurd exponent": withRunner({ resources: { limits: { cpu: "1e999999999999999999999" } } }),
    "a size limit that is none": withRunner({ volumes: [{ name: "a", emptyDir: { sizeLimit: "big" } }] }),
    "a file mode as text": withRunner({ volumes: [{ name: "a", secret: { defaultMode: "0644" } }] }),
    "a period as text": withRunner({ readinessProbe: { periodSeconds: "1" } }),
    "a port above an int32": withRunner({ readinessProbe: { httpGet: { port: 3_000_000_000 } } }),
    "a user above an int64": withRunner({ securityContext: { runAsUser: 1e30 } }),
    "a time without a zone": {
      ...testRun,
      status: { conditions: [{ type: "A", status: "True", lastTransitionTime: "2026-11-24T09:00:00" }] },
    },
  };
  for (const [what, object] of Object.entries(unreadable)) {
    it(`refuses what Go cannot read: ${what}`, () => assert.notDeepEqual(misfits(schema, object), []));
  }

  const hanging: Record<string, object> = {
    "no runners": changed({ parallelism: 0 }),
    "an empty script": changed({ script: {} }),
    "a script without a name": changed({ script: { configMap: { name: "" } } }),
    "a variable without a name": withRunner({ env: [{ value: "1" }] }),
    "an unknown clean-up": changed({ cleanup: "pre" }),
  };
  for (const [what, object] of Object.entries(hanging)) {
    it(`refuses what would wait for ever: ${what}`, () => assert.notDeepEqual(misfits(schema, object), []));
  }
});

for (const definition of [testRunDefinition, privateLoadZoneDefinition]) {
  describe(`the definition of ${definition.spec.names.kind}`, () => {
    const every = everySchema(schemaOf(definition));

    it("knows the kind of every field of every depth", () => {
      const open = every.filter(([, schema]) => schema.type === undefined && schema["x-kubernetes-int-or-string"] === undefined);
      assert.deepEqual(
        open.map(([path]) => path),
        [],
      );
      const unbounded = every.filter(([, { type, maximum }]) => type === "integer" && maximum === undefined);
      assert.deepEqual(
        unbounded.map(([path]) => path),
        [],
      );
    });

    it("has no defaults, so that what is applied is what is stored", () =>
      assert.doesNotMatch(JSON.stringify(definition), /"default":/));

    it("keeps the status apart, so that who may make a run may not say how it went", () =>
      assert.deepEqual(definition.spec.versions[0].subresources, { status: {} }));

    it("is called as the API server wants it", () =>
      assert.equal(definition.metadata.name, `${definition.spec.names.plural}.${definition.spec.group}`));
  });
}

describe("a schema of a type of Kubernetes", () => {
  it("takes the amounts of every type for amounts, which the client calls text", () => {
    const paths = everySchema(kubernetesSchema("V1Container")).concat(everySchema(kubernetesSchema("V1Volume")));
    const amounts = paths.filter(([path]) => /\.(limits|requests)\[\]$|\.(sizeLimit|divisor)$/.test(path));
    assert.ok(amounts.length >= 7, `${amounts.length} amounts`);
    amounts.forEach(([path, schema]) => assert.equal(schema["x-kubernetes-int-or-string"], true, path));
  });

  it("says so when the client does not know it", () =>
    assert.throws(() => kubernetesSchema("V1Nonsense"), /no model V1Nonsense/));
});

describe("a definition in Pulumi's names", () => {
  it("has the same content, with underscores where Pulumi has them", () => {
    const text = JSON.stringify(inPulumisNames(testRunDefinition.spec));
    assert.doesNotMatch(text, /x-kubernetes-/);
    assert.deepEqual(
      JSON.parse(text.replaceAll(/"x_kubernetes_\w+"/g, (key) => key.replaceAll("_", "-"))),
      testRunDefinition.spec,
    );
  });
});
