import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { MetricsGateway, type MetricsGatewayArgs } from "../../../../components/metrics/gateway/gateway";

interface Inputs {
  metadata?: { name?: string };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
  stringData?: Record<string, unknown>;
}

const registered: MockResourceArgs[] = [];

async function gatewayWith(args: Partial<MetricsGatewayArgs> = {}) {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.push(resource);
      const { metadata } = resource.inputs as Inputs;
      const told = resource.type === "random:index/randomPassword:RandomPassword" ? { result: "made-up-password" } : {};
      const named = metadata === undefined ? {} : { metadata: { ...metadata, name: metadata.name ?? resource.name } };
      return { id: resource.name, state: { ...(resource.inputs as object), ...named, ...told } };
    },
    call: () => ({}),
  });
  const store = {
    url: "http://influxdb.load.svc:8086",
    org: "load-tests",
    bucket: "k6",
    token: "made-up-token",
    tokenId: "0123",
  };
  const gateway = new MetricsGateway("gateway", { namespace: "load", store, ...args });
  const outputs = await new Promise((resolve) => pulumi.all([gateway.url, gateway.writeSecret, gateway.mode]).apply(resolve));
  await pulumi.runtime.disconnect();
  return outputs;
}

const all = (kind: string) => registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs as Inputs);

interface Pod {
  automountServiceAccountToken: boolean;
  securityContext: { runAsNonRoot: boolean; seccompProfile: unknown };
  containers: {
    env: { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
    resources: { requests: unknown; limits: unknown };
    securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean; capabilities: unknown };
    lifecycle: unknown;
  }[];
}

describe("a metrics gateway", () => {
  it("runs as nobody, and has its secrets by reference", async () => {
    assert.deepEqual(await gatewayWith(), ["http://gateway.load.svc:8186", "k6-gateway-write", "raw"]);
    const [{ spec }] = all("Deployment");
    const pod = (spec as { template: { spec: Pod } }).template.spec;
    const [container] = pod.containers;
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
    assert.deepEqual(container.securityContext, {
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    assert.deepEqual(container.resources.requests, container.resources.limits);
    const references = container.env.flatMap(({ name, valueFrom }) =>
      valueFrom?.secretKeyRef === undefined ? [] : [`${name}=${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`],
    );
    assert.deepEqual(references, [
      "GATEWAY_USERNAME=k6-gateway-write/username",
      "GATEWAY_PASSWORD=k6-gateway-write/password",
      "STORE_TOKEN=gateway-token/token",
    ]);
    assert.ok(!JSON.stringify(spec).includes("made-up"));
  });

  it("keeps the store's token out of what runners get, and every secret out of its configuration", async () => {
    await gatewayWith();
    const secret = (name: string) => registered.find((one) => one.name === name)?.inputs as Inputs;
    const [pair, token] = [secret("gateway-pair"), secret("gateway-token")];
    // The mocks see a secret as an envelope with its value.
    assert.deepEqual(Object.keys((pair.stringData as { value: object }).value).sort(), ["password", "username"]);
    assert.deepEqual(Object.keys((token.stringData as { value: object }).value), ["token"]);
    assert.ok(!JSON.stringify(pair).includes("made-up-token"));
    assert.ok(!JSON.stringify(all("ConfigMap")).includes("made-up"));
  });

  it("has pods that carry which token they write with, which is not how they are selected", async () => {
    await gatewayWith();
    const [{ spec }] = all("Deployment");
    const { selector, template } = spec as { selector: { matchLabels: object }; template: { metadata: { labels: object } } };
    assert.deepEqual(template.metadata.labels, { ...selector.matchLabels, "pulumi-k6/store-token": "0123" });
  });

  it("is never a replica short while it is replaced, and waits before it ends", async () => {
    await gatewayWith();
    const [{ spec }] = all("Deployment");
    assert.deepEqual(spec?.strategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    assert.equal(spec?.replicas, 2);
    assert.deepEqual((spec as { template: { spec: Pod } }).template.spec.containers[0].lifecycle, {
      preStop: { sleep: { seconds: 5 } },
    });
    assert.equal(all("PodDisruptionBudget").length, 1);
    await gatewayWith({ replicas: 1 });
    assert.equal(all("PodDisruptionBudget").length, 0);
  });

  it("shares the budget of a run's series among its replicas", async () => {
    await gatewayWith({ seriesPerRun: 9000, replicas: 3, mode: "aggregated" });
    const [{ data = {} }] = all("ConfigMap");
    assert.match(data["series.star"], /MAX_SERIES = 3000\n/);
    assert.match(data["telegraf.conf"], /bucket = "k6"/);
  });

  it("is refused with everything that is wrong", async () => {
    await assert.rejects(
      gatewayWith({ replicas: 0, seriesPerRun: 1 }),
      /gateway gateway: 2 problems[\s\S]*gateway\.replicas[\s\S]*gateway\.seriesPerRun/,
    );
  });
});
