import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { Cluster } from "../../../components/kube/cluster";
import type { Engine } from "../../../components/run/engines/engine";
import { Follower } from "../../../components/run/follow";
import type { StopRequest } from "../../../components/run/stop-request";
import { RunWatch } from "../../../components/run/watch";
import { runInputs } from "../../support/run-inputs";
import { FakeApi } from "../kube/fake-api";

const inputs = runInputs({ run: "shop-1", runners: 1 });
/** Stands in for an engine: has nothing to do and counts how often the run was ended. */
class StandinEngine implements Engine {
  stops = 0;
  watch = () => Promise.reject(new Error("the test watches"));
  start = () => Promise.resolve();
  isThere = () => Promise.resolve(true);
  tend = () => Promise.resolve();
  suspect = () => [];
  startOf = () => Promise.resolve(undefined);
  learned = () => ({});
  explain = () => Promise.resolve([]);
  remove = () => Promise.resolve();
  stop = () => Promise.resolve(void this.stops++);
}

describe("who follows a run", function () {
  this.timeout(20_000);
  let api: FakeApi;
  let watch: RunWatch;

  beforeEach(async () => {
    api = await FakeApi.start();
  });
  afterEach(async () => {
    await watch.stop();
    await api.stop();
  });

  it("hears of a stop although the API server never answers what is left on the nodes", async () => {
    const scheduled = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: "0/1 nodes: 1 Insufficient cpu.",
    };
    const pod = {
      metadata: {
        ...{ name: "shop-1-0", namespace: "load", uid: "u", labels: { "pulumi-k6/run": "shop-1" } },
        annotations: { "batch.kubernetes.io/job-completion-index": "0" },
      },
      status: { phase: "Pending", conditions: [scheduled] },
    };
    const unanswered: ServerResponse[] = [];
    api.misbehave = (_request, response, url) => {
      if (url.pathname === "/api/v1/namespaces/load/pods" && url.searchParams.get("watch") !== "true") {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "100" }, items: [pod] }));
        return true;
      }
      const isOfNodes = ["/api/v1/nodes", "/api/v1/pods"].includes(url.pathname);
      if (isOfNodes) {
        unanswered.push(response);
      }
      return isOfNodes;
    };
    const cluster = Cluster.connect({ kubeconfig: api.kubeconfig() });
    watch = await RunWatch.start(cluster, inputs);
    const engine = new StandinEngine();
    const record = { mine: true, owner: { apiVersion: "v1", kind: "ConfigMap", name: "shop-1", uid: "u" } };
    const [log, stop] = [new AbortController(), new AbortController()];
    const end = new Follower(cluster, inputs, engine, watch, record, () => undefined, log.signal, stop.signal).toEnd();
    setTimeout(() => stop.abort({ by: "a test", graceSeconds: 0 } satisfies StopRequest), 1500);
    const { stage, causes } = await end;
    log.abort();
    assert.equal(unanswered.length, 2);
    assert.deepEqual([stage, engine.stops], ["finished", 1]);
    assert.match(causes.join(), /run shop-1 was stopped by a test at/);
  });
});
