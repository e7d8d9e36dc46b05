import assert from "node:assert/strict";
import * as provider from "../../../components/alerts/definitions-provider";
import { FakeApi } from "../kube/fake-api";

describe("the question whether a cluster can have alerts (a stand-in for its API server)", () => {
  let api: FakeApi;
  /** What it knows; none: the group is not there. */
  let kinds: string[] | undefined;

  beforeEach(async () => {
    kinds = ["PrometheusRule", "PodMonitor", "ServiceMonitor"];
    api = await FakeApi.start();
    api.misbehave = (_, response, url) => {
      const isAsked = url.pathname === "/apis/monitoring.coreos.com/v1";
      response.setHeader("content-type", "application/json");
      response.statusCode = isAsked && kinds !== undefined ? 200 : 404;
      const resources = (kinds ?? []).map((kind) => ({
        kind,
        name: `${kind.toLowerCase()}s`,
        namespaced: true,
        verbs: [],
        singularName: "",
      }));
      response.end(JSON.stringify({ kind: "APIResourceList", groupVersion: "monitoring.coreos.com/v1", resources }));
      return true;
    };
  });
  afterEach(() => api.stop());
  const inputs = () => ({ kubeconfig: api.kubeconfig(), context: "fake" });

  it("is answered with yes in the preview and when it is created, and nothing else is asked", async () => {
    assert.deepEqual(await provider.check(inputs()), { inputs: inputs() });
    assert.deepEqual(await provider.create(inputs()), { id: "monitoring.coreos.com/v1", outs: inputs() });
    assert.deepEqual(new Set(api.requests), new Set(["GET /apis/monitoring.coreos.com/v1"]));
  });

  it("is answered with no where the group or a kind of it is not there, naming context and remedy", async () => {
    kinds = undefined;
    const { failures = [] } = await provider.check(inputs());
    assert.equal(failures.length, 1);
    assert.equal(failures[0].property, "alerts");
    assert.match(
      failures[0].reason,
      /the cluster of context fake does not know PrometheusRule and PodMonitor .*Install prometheus-operator.*or leave `alerts` out/,
    );
    kinds = ["PrometheusRule"];
    await assert.rejects(
      provider.create(inputs()),
      /^Error: alerts: .* does not know PodMonitor \(monitoring\.coreos\.com\/v1\)/,
    );
    await assert.rejects(provider.update(inputs()), /does not know PodMonitor/);
  });

  it("is left to the deployment where the cluster does not answer in the preview, or is not known yet", async () => {
    assert.deepEqual((await provider.check({ kubeconfig: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })).failures, undefined);
    const gone = inputs();
    await api.stop();
    assert.deepEqual(await provider.check(gone), { inputs: gone });
    await assert.rejects(provider.create(gone));
    api = await FakeApi.start();
  });

  it("is asked again by another way to the cluster alone", () => {
    assert.equal(provider.diff(inputs(), inputs()).changes, false);
    assert.equal(provider.diff(inputs(), { ...inputs(), context: "other" }).changes, true);
  });
});
