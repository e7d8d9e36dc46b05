import assert from "node:assert/strict";
import type { V1Deployment, V1EnvVar } from "@kubernetes/client-node";
import { chooseController, namespaceProblem, versionOfController } from "../../../components/operator/controller";

function deployment(name: string, image: string, env: V1EnvVar[] = [], labels: Record<string, string> = {}): V1Deployment {
  return {
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { spec: { containers: [{ name: "manager", image, env }] } },
    },
    status: { availableReplicas: 1 },
  };
}

const operator = deployment("k6-operator-controller-manager", "ghcr.io/grafana/k6-operator:controller-v1.6.0");

function chosen(deployments: V1Deployment[], name = "") {
  const found = chooseController(deployments, "ops", name);
  assert.ok("controller" in found, JSON.stringify(found));
  return found.controller;
}

function problem(deployments: V1Deployment[], name = ""): string {
  const found = chooseController(deployments, "ops", name);
  assert.ok("problem" in found);
  return found.problem;
}

describe("the controller in a namespace", () => {
  it("is the one Deployment with k6-operator's image, from whatever registry", () => {
    assert.equal(chosen([deployment("web", "nginx:1"), operator]).name, "ops/k6-operator-controller-manager");
    assert.equal(chosen([deployment("op", "mirror:5000/a/k6-operator:1.6.0")]).name, "ops/op");
  });

  it("is the named one, whatever its image is called", () =>
    assert.equal(chosen([operator, deployment("mine", "x:1.6.0")], "mine").name, "ops/mine"));

  it("is told to be missing, or to be two", () => {
    assert.match(
      problem([deployment("web", "nginx:1")]),
      /none of the 1 Deployments in namespace ops runs an image called k6-operator/,
    );
    assert.match(problem([operator], "other"), /is called other/);
    assert.match(problem([operator, deployment("second", "k6-operator:1.6.0")]), /2 Deployments in namespace ops.*ops\/second/);
  });

  it("tells its version by tag, by label, or is told it", () => {
    assert.equal(versionOfController(chosen([operator]), ""), "1.6.0");
    const byDigest = deployment("op", `k6-operator@sha256:${"0a".repeat(32)}`, [], { "app.kubernetes.io/version": "1.7.0" });
    assert.equal(versionOfController(chosen([byDigest]), ""), "1.7.0");
    assert.equal(versionOfController(chosen([byDigest]), "1.8.0"), "1.8.0");
    assert.equal(versionOfController(chosen([deployment("op", "k6-operator:stable")]), ""), undefined);
  });
});

describe("what a controller watches", () => {
  const watching = (...env: V1EnvVar[]) => chosen([deployment("op", "k6-operator:1.6.0", env)]);

  it("is everything where nothing is said", () => {
    assert.equal(namespaceProblem(watching(), "load"), undefined);
    assert.equal(namespaceProblem(watching({ name: "WATCH_NAMESPACES", value: "" }), "load"), undefined);
  });

  it("is the list, which wins over the single one", () => {
    const both = watching({ name: "WATCH_NAMESPACE", value: "other" }, { name: "WATCH_NAMESPACES", value: "load, more" });
    assert.equal(namespaceProblem(both, "more"), undefined);
    assert.match(namespaceProblem(both, "other") ?? "", /watches only load, more, not other\. Add other to its WATCH_NAMESPACES/);
  });

  it("is its own namespace where it takes that from its pod", () => {
    const own = watching({ name: "WATCH_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } });
    assert.equal(namespaceProblem(own, "ops"), undefined);
    assert.match(namespaceProblem(own, "load") ?? "", /watches only ops/);
  });
});
