import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { Cluster } from "../../../components/kube/cluster";
import { allowEviction } from "../../../components/run/engines/disruption";
import { JobEngine } from "../../../components/run/engines/job/engine";
import { OperatorEngine } from "../../../components/run/engines/operator/engine";
import { letRunnersEnd } from "../../../components/run/engines/let-end";
import { createAnew } from "../../../components/run/inspect-cluster";
import type { RunFacts } from "../../../components/run/observe";
import { stopRuns } from "../../../components/run/stop";
import { runInputs } from "../../support/run-inputs";
import { FakeApi, refuse } from "../kube/fake-api";

const inputs = runInputs({ heal: { maxGapSeconds: 20 }, load: { vus: 2, duration: "10m" }, deadlineSeconds: 900 });
const { namespace, run } = inputs;

describe("a run to which the API server says no", function () {
  this.timeout(20_000);
  let api: FakeApi;
  let cluster: Cluster;

  beforeEach(async () => {
    api = await FakeApi.start();
    cluster = Cluster.connect({ kubeconfig: api.kubeconfig() });
  });
  afterEach(() => api.stop());

  const refused = (method: string, kind: string, code = 403) => {
    api.misbehave = (request, response, url) => {
      const is = request.method === method && url.pathname.split("/").includes(kind);
      if (is) {
        refuse(response, code, "Forbidden");
      }
      return is;
    };
  };
  const asked = (pattern: RegExp) => api.requests.filter((line) => pattern.test(line)).length;

  it("is removed without the right to its PodDisruptionBudget, and not where the API server has another trouble with it", async () => {
    refused("DELETE", "poddisruptionbudgets");
    await allowEviction(cluster, inputs);
    refused("DELETE", "poddisruptionbudgets", 422);
    await assert.rejects(allowEviction(cluster, inputs));
  });

  it("is not asked to end where its pods cannot be seen, which hinders nobody who deletes it", async () => {
    refused("GET", "pods");
    await letRunnersEnd(cluster, inputs, 5);
    assert.ok(asked(/GET .*\/pods/) > 0);
  });

  it("is stopped although the stop cannot be noted", async () => {
    const labels = { "pulumi-k6/run": "shop-1" };
    const record = { metadata: { name: "shop-1", namespace: "load", labels, uid: "u" }, data: { engine: "job" } };
    api.setPod("shop-1-0", "Pending");
    api.misbehave = (request, response, url) => {
      const isRecord = url.pathname.includes("/configmaps");
      if (isRecord && request.method === "GET") {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ kind: "ConfigMapList", apiVersion: "v1", items: [record] }));
        return true;
      }
      if (isRecord) {
        refuse(response, 403, "Forbidden");
        return true;
      }
      if (request.method === "DELETE") {
        api.deletePod("shop-1-0");
      }
      return false;
    };
    const told: string[] = [];
    const stopped = await stopRuns({ namespace: "load", kubeconfig: api.kubeconfig(), graceSeconds: 0 }, (line) =>
      told.push(line),
    );
    assert.deepEqual(stopped, [{ run: "shop-1", isGraceful: false }]);
    assert.match(told.join("\n"), /the stop could not be noted in its record/);
    assert.equal(asked(/DELETE .*\/jobs\/shop-1/), 1);
  });

  it("goes on where a lost runner may not be restarted, which is tried once", async () => {
    const pod = (index: number, phase: string, more = {}) => ({
      metadata: { name: `${run}-${index}`, annotations: { "batch.kubernetes.io/job-completion-index": `${index}` }, ...more },
      status: { phase },
    });
    const facts: RunFacts = {
      pods: [pod(0, "Running"), pod(1, "Failed", { deletionTimestamp: new Date() })],
      ...{ deleted: new Set<string>(), warnings: [], jobs: [{ metadata: { name: run, uid: "u" } }] },
      barrier: { "pulumi-k6": "started", at: Date.now() - 5000, skewMs: 1 },
    };
    const engine = new JobEngine(cluster, inputs);
    refused("POST", "jobs");
    await engine.tend(facts);
    await engine.tend(facts);
    assert.equal(asked(/POST .*\/jobs/), 1);
  });

  it("is known to have started although the API server fails for a moment when it is asked for the Services", async () => {
    const operated = runInputs({ engine: "operator", runners: 1 });
    const terminated = { exitCode: 0, startedAt: "2026-11-24T08:00:00Z", finishedAt: "2026-11-24T08:00:01Z" };
    const container = { name: "k6", image: "", imageID: "", ready: false, restartCount: 0, state: { terminated } };
    const starter = {
      metadata: { name: `${run}-starter-x`, namespace, labels: { "job-name": `${run}-starter` } },
      status: { phase: "Succeeded", containerStatuses: [container] },
    } as unknown as V1Pod;
    const service = { metadata: { name: `${run}-service-1` }, spec: { clusterIP: "10.0.0.1" } };
    let left = 1;
    api.misbehave = (_request, response, url) => {
      if (url.pathname.endsWith("/log")) {
        response.writeHead(200, { "Content-Type": "text/plain" });
        response.end('{"http_code":200,"url":"http://10.0.0.1:6565/v1/status","errormsg":""}');
        return true;
      }
      if (!url.pathname.endsWith("/services")) {
        return false;
      }
      if (left-- > 0) {
        refuse(response, 500, "InternalError");
      } else {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ kind: "ServiceList", apiVersion: "v1", items: [service] }));
      }
      return true;
    };
    const facts: RunFacts = { pods: [starter], deleted: new Set(), warnings: [] };
    const started = await new OperatorEngine(cluster, operated).startOf(facts);
    assert.deepEqual(started, { "pulumi-k6": "started", at: Date.parse(terminated.startedAt), skewMs: 2000 });
  });

  it("does not ask k6 for ever while the Job of an earlier question hangs", async () => {
    refused("POST", "jobs", 409);
    const body = { metadata: { name: "ask", namespace } };
    assert.equal(await createAnew(cluster, body, 1), undefined);
    assert.ok(asked(/POST .*\/jobs/) > 1);
  });
});
