import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { K6Operator, type K6OperatorArgs } from "../../../components/operator/operator";
import { TestRun } from "../../../components/operator/resources";
import { Registered, valueOf } from "../../support/registered";

/** The parts of Kubernetes objects that are looked at here. */
interface Inputs {
  metadata: { name?: string; namespace?: string; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  subjects: { name: string; namespace: string }[];
}

interface PodSpec {
  containers: {
    image: string;
    args: string[];
    env?: { name: string; value: string }[];
    resources: { requests: Record<string, string>; limits: Record<string, string> };
    securityContext: object;
  }[];
  securityContext: object;
}

const registered = new Registered<Inputs>();

/** Values that only the engine would know. */
const told: Record<string, Record<string, unknown>> = {
  "pulumi-nodejs:dynamic/pulumi-k6:OperatorReady": {
    image: "mirror/k6-operator:controller-v1.7.0",
    version: "1.7.0",
    podLabels: { app: "theirs" },
  },
};

/** Types of the resources that were there when a TestRun was asked for. */
let thereBeforeRun: string[] = [];

async function mocked<T>(make: () => Promise<T>): Promise<T> {
  registered.all.length = 0;
  const there: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: async (resource) => {
      registered.all.push(resource);
      if (resource.type.endsWith(":TestRun")) {
        thereBeforeRun = [...there];
      }
      // As in life it takes a while, so that whoever does not wait is first.
      await new Promise((resolve) => setTimeout(resolve, 20));
      there.push(resource.type);
      return { id: `${resource.name}-id`, state: { ...(resource.inputs as object), ...told[resource.type] } };
    },
    call: () => ({}),
  });
  const made = await make();
  await pulumi.runtime.disconnect();
  return made;
}

function operatorWith(args: Partial<K6OperatorArgs>) {
  return mocked(async () => {
    const { namespace, version, starterImage } = new K6Operator("op", { namespace: "ops", ...args });
    return { namespace: await valueOf(namespace), version: await valueOf(version), starterImage: await valueOf(starterImage) };
  });
}

function pod(): PodSpec {
  return (registered.one("Deployment").spec.template as { spec: PodSpec }).spec;
}

describe("an operator", () => {
  let made: Awaited<ReturnType<typeof operatorWith>>;
  before(async () => {
    made = await operatorWith({ watchNamespaces: ["load", "more"] });
  });

  it("says what it is, and which starter belongs to it", () =>
    assert.deepEqual(made, {
      namespace: "ops",
      version: "1.6.0",
      starterImage: "ghcr.io/grafana/k6-operator:starter-v1.6.0",
    }));

  it("may do in each watched namespace what it needs, and nowhere else anything", () => {
    assert.deepEqual(
      registered.inputsOf("Role").map(({ metadata }) => metadata.namespace),
      ["load", "more"],
    );
    assert.deepEqual(registered.inputsOf("ClusterRole"), []);
    const allowed = registered
      .inputsOf("Role")
      .map(({ rules }) => rules.flatMap(({ resources, verbs }) => resources.map((what) => `${what} ${verbs.join(",")}`)));
    const expected = [
      "testruns get,list,watch",
      "testruns/status patch",
      "privateloadzones list,watch",
      "jobs get,list,watch,create",
      "pods get,list,watch",
      "pods/log get",
      "services list,watch,create",
    ];
    assert.deepEqual(allowed, [expected, expected]);
    registered.inputsOf("RoleBinding").forEach(({ subjects }) => assert.equal(subjects[0].namespace, "ops"));
  });

  it("watches those namespaces and no other", () =>
    assert.deepEqual(pod().containers[0].env, [{ name: "WATCH_NAMESPACES", value: "load,more" }]));

  it("runs under Pod Security restricted, as one that nobody else replaces before it has ended", () => {
    const { securityContext, containers } = pod();
    assert.deepEqual(securityContext, { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    assert.deepEqual(containers[0].securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assert.deepEqual(registered.one("Deployment").spec.strategy, {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
    assert.ok(!containers[0].args.includes("--leader-elect"));
    assert.deepEqual(registered.inputsOf("PodDisruptionBudget"), []);
  });

  it("applies the definitions under a name of ours, so that the API server tells who owns them otherwise", () => {
    const crds = registered.inputsOf("CustomResourceDefinitionPatch").map(({ metadata }) => metadata);
    assert.deepEqual(crds.map(({ name }) => name).sort(), ["privateloadzones.k6.io", "testruns.k6.io"]);
    crds.forEach(({ annotations }) => assert.equal(annotations?.["pulumi.com/patchFieldManager"], "pulumi-k6-operator"));
  });

  it("closes itself and the runners' control port", () => {
    const policies = Object.fromEntries(
      registered.inputsOf("NetworkPolicy").map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec]),
    );
    assert.deepEqual(Object.keys(policies).sort(), [
      "load/ops-op-runners",
      "load/ops-op-starters",
      "more/ops-op-runners",
      "more/ops-op-starters",
      "ops/op",
    ]);
    const own = policies["ops/op"] as {
      policyTypes: string[];
      egress: { ports: { port: number }[] }[];
      ingress: { ports: { port: number }[] }[];
    };
    assert.deepEqual(own.policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual(
      own.egress.map(({ ports }) => ports.map(({ port }) => port)),
      [[443, 6443], [6565], [53, 53]],
    );
    assert.deepEqual(
      own.ingress.map(({ ports }) => ports.map(({ port }) => port)),
      [[8080]],
    );
  });

  it("leaves open what runners themselves reach: a policy on their egress would close it", () => {
    const closing = registered.inputsOf("NetworkPolicy").filter(({ spec }) => (spec.policyTypes as string[]).includes("Egress"));
    const selected = closing.map(({ spec }) => spec.podSelector as { matchLabels: Record<string, string> });
    assert.ok(selected.every(({ matchLabels }) => matchLabels.app === undefined && Object.keys(matchLabels).length > 0));
  });
});

describe("an operator of several replicas", () => {
  before(() => operatorWith({ replicas: 2, expectedRunners: 1000, priorityClassName: "high" }));

  it("elects a leader, and may", () => {
    assert.ok(pod().containers[0].args.includes("--leader-elect"));
    const leader = registered.inputsOf("Role").find(({ metadata }) => metadata.name === "op-leader");
    assert.deepEqual(leader?.rules, [
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
    ]);
  });

  it("keeps one of them through a drain and an update", () => {
    assert.equal(registered.one("PodDisruptionBudget").spec.minAvailable, 1);
    assert.deepEqual(registered.one("Deployment").spec.strategy, {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it("is sized by its runners", () => assert.equal(pod().containers[0].resources.limits.memory, "832Mi"));
});

describe("an operator of the whole cluster", () => {
  before(() => operatorWith({ watch: "cluster", manageCrds: false, networkPolicies: false }));

  it("has its rights in all namespaces, under a name of its own", () => {
    assert.equal(registered.one("ClusterRole").metadata.name, "ops-op");
    assert.equal(registered.one("ClusterRoleBinding").subjects[0].namespace, "ops");
    assert.deepEqual(registered.inputsOf("Role"), []);
    assert.equal(pod().containers[0].env, undefined);
  });

  it("leaves definitions and policies to others where told so", () => {
    assert.deepEqual(registered.inputsOf("CustomResourceDefinitionPatch"), []);
    assert.deepEqual(registered.inputsOf("NetworkPolicy"), []);
  });

  it("is proved in its own namespace", () =>
    assert.deepEqual((registered.one("OperatorReady") as unknown as { namespaces: string[] }).namespaces, ["ops"]));
});

describe("an adopted operator", () => {
  let made: Awaited<ReturnType<typeof operatorWith>>;
  before(async () => {
    made = await operatorWith({ adopt: true, watchNamespaces: ["load"] });
  });

  it("creates nothing in the cluster", () =>
    assert.deepEqual(
      registered.all.map(({ type }) => type).filter((type) => type.startsWith("kubernetes:")),
      [],
    ));

  it("is what was found", () =>
    assert.deepEqual(made, { namespace: "ops", version: "1.7.0", starterImage: "mirror/k6-operator:starter-v1.7.0" }));
});

describe("an adopted operator with policies", () => {
  it("is let in to the runners by the labels that were found, and closed off by nobody but its owner", async () => {
    await operatorWith({ adopt: true, watchNamespaces: ["load"], networkPolicies: true });
    const policies = Object.fromEntries(
      registered.inputsOf("NetworkPolicy").map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec]),
    );
    assert.deepEqual(Object.keys(policies).sort(), ["load/ops-op-runners", "load/ops-op-starters"]);
    const [{ from }] = policies["load/ops-op-runners"].ingress as {
      from: { podSelector: object; namespaceSelector?: object }[];
    }[];
    assert.deepEqual(from[0].podSelector, { matchLabels: { app: "theirs" } });
    assert.match(JSON.stringify(from[0].namespaceSelector), /"ops"/);
  });
});

describe("a starter of one's own", () => {
  for (const adopt of [true, false]) {
    it(`goes before the one that was released, ${adopt ? "adopted" : "deployed"}`, async () => {
      const { starterImage } = await operatorWith({ adopt, starterImage: "mirror/starter:1" });
      assert.equal(starterImage, "mirror/starter:1");
    });
  }
});

describe("what runs by an operator", () => {
  for (const args of [{}, { adopt: true, networkPolicies: true }]) {
    it(`waits until it works and reaches runners, ${"adopt" in args ? "adopted" : "deployed"}`, async () => {
      await mocked(async () => {
        const { starterImage } = new K6Operator("op", { namespace: "ops", ...args });
        const run = new TestRun("run", {
          spec: { parallelism: 1, script: { localFile: "/x.js" }, starter: { image: starterImage } },
        });
        await valueOf(run.urn);
      });
      const before = (kind: string) => thereBeforeRun.filter((type) => type.endsWith(`:${kind}`)).length;
      assert.equal(before("OperatorReady"), 1);
      assert.equal(before("NetworkPolicy"), "adopt" in args ? 2 : 3);
    });
  }
});

describe("a raw TestRun", () => {
  it("is what k6-operator knows, with the status that it writes", async () => {
    told["kubernetes:k6.io/v1alpha1:TestRun"] = { status: { stage: "finished" } };
    const stage = await mocked(async () => {
      const run = new TestRun("run", { spec: { parallelism: 2, script: { configMap: { name: "script" } } } });
      return (await valueOf(run.status))?.stage;
    });
    assert.equal(stage, "finished");
    assert.deepEqual(registered.one("TestRun"), {
      apiVersion: "k6.io/v1alpha1",
      kind: "TestRun",
      spec: { parallelism: 2, script: { configMap: { name: "script" } } },
    });
  });
});
