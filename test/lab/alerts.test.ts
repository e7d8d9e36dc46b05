import assert from "node:assert/strict";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { apply } from "./engines/bench";
import { kubectl } from "./support/objects";
import { platformSettings, type GivenSettings } from "./support/settings";
import { LabStack } from "./support/stack";

const namespace = "load-tests-watched";
const prober = "alerts-prober";
const kinds = ["PrometheusRule", "PodMonitor"];
const crds = kinds.map((kind) => `${kind.toLowerCase()}s.monitoring.coreos.com`);

describe("a stack with alerts (definitions of prometheus-operator without its schemas)", function () {
  this.timeout(240_000);
  let stack: LabStack;
  let settings: GivenSettings;

  before(async () => {
    stack = await LabStack.open("watched");
    await kubectl("delete", "crd", ...crds, "--ignore-not-found");
    const usual = platformSettings(join(stack.folder, "reports"));
    const alerts = {
      prometheus: { namespace: prober, podLabels: { app: "prometheus" } },
      objectLabels: { release: "prometheus" },
      without: ["K6RunPending" as const],
    };
    const gateway = { ...usual.platform?.gateway, replicas: 1 };
    settings = { ...usual, demoTarget: undefined, platform: { ...usual.platform, namespace, gateway, alerts } };
  });

  after(async () => {
    const { exitCode, output } = await stack.destroy();
    await kubectl("delete", "namespace", prober, "--ignore-not-found");
    await kubectl("delete", "crd", ...crds, "--ignore-not-found");
    assert.equal(exitCode, 0, output);
    await stack.close();
  });

  it("is refused before anything is created where the cluster does not know them", async () => {
    const { exitCode, output } = await stack.upWith(settings);
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /does not know PrometheusRule and PodMonitor \(monitoring\.coreos\.com\/v1\)\. Install prometheus-operator/,
    );
    assert.equal(await kubectl("get", "namespace", namespace, "--ignore-not-found"), "");
  });

  it("is told what is wrong with its settings", async () => {
    const wrong = { scrapeSeconds: 1, without: ["K6Nothing"] };
    const { output } = await stack.upWith({
      ...settings,
      platform: { ...settings.platform, alerts: { ...settings.platform?.alerts, ...wrong } },
    });
    assert.match(output, /platform\.alerts\.without\[0\]: "K6Nothing" was given/);
  });

  it("has a rule and monitors with the labels of its Prometheus, and does nothing the second time", async () => {
    await apply(definitions());
    await kubectl("wait", "--for=condition=Established", "--timeout=30s", ...crds.map((name) => `crd/${name}`));
    const { exitCode, output } = await stack.upWith(settings);
    assert.equal(exitCode, 0, output);
    const found = await kubectl("-n", namespace, "get", crds.join(","), "-l", "release=prometheus", "-o", "name");
    assert.deepEqual(found.split("\n").sort(), [
      "podmonitor.monitoring.coreos.com/k6-gateway",
      "podmonitor.monitoring.coreos.com/k6-store",
      "prometheusrule.monitoring.coreos.com/k6-load-tests",
    ]);
    const rule = await kubectl("-n", namespace, "get", crds[0], "k6-load-tests", "-o", "json");
    assert.match(rule, /"alert": "K6GatewayLosing"/);
    assert.ok(!rule.includes("K6RunPending"));
    for (const command of [["preview"], ["refresh", "--yes", "--skip-preview"], ["preview"]]) {
      const again = await stack.pulumi(
        ...[...command, "--config-file", join(stack.folder, "settings.yaml")],
        ...["--expect-no-changes", "--non-interactive", "--diff"],
      );
      assert.equal(again.exitCode, 0, again.output);
    }
  });

  it("lets pods of Prometheus ask gateway and store, and nobody else", async () => {
    await apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: prober } }]);
    const [gateway, store] = await Promise.all([addressOf("gateway", 9273), addressOf("store", 8086)]);
    const [ofGateway, ofStore, ofOthers] = await Promise.all([
      asks("prometheus-a", "prometheus", gateway),
      asks("prometheus-b", "prometheus", store),
      asks("other", "other", gateway),
    ]);
    assert.match(ofGateway, /gateway_internal_write_buffer_limit\{.*output="influxdb_v2"/);
    assert.match(ofStore, /influxdb_uptime_seconds/);
    assert.match(ofOthers, /^no answer/m);
  });

  it("is gone without a trace but the definitions", async () => {
    const { exitCode, output } = await stack.destroy();
    assert.equal(exitCode, 0, output);
    assert.equal(await kubectl("get", crds.join(","), "-A", "-o", "name"), "");
    assert.equal(await kubectl("get", "namespace", namespace, "--ignore-not-found"), "");
    assert.equal((await kubectl("get", "crd", ...crds, "-o", "name")).split("\n").length, crds.length);
  });

  async function addressOf(role: string, port: number): Promise<string> {
    const which = ["-l", `pulumi-k6/role=${role}`, "-o", "jsonpath={.items[0].status.podIP}"];
    return `http://${await kubectl("-n", namespace, "get", "pods", ...which)}:${port}/metrics`;
  }

  /** What a pod with a label is answered at an address. */
  async function asks(name: string, app: string, url: string): Promise<string> {
    const command = `timeout 5 wget -q -O - ${url} || echo no answer`;
    const container = { name: "ask", image: settings.images?.k6, command: ["sh", "-c", command] };
    const metadata = { name, namespace: prober, labels: { app } };
    await apply([{ apiVersion: "v1", kind: "Pod", metadata, spec: { restartPolicy: "Never", containers: [container] } }]);
    await kubectl("-n", prober, "wait", `pod/${name}`, "--for=jsonpath={.status.phase}=Succeeded", "--timeout=50s");
    return kubectl("-n", prober, "logs", name);
  }
});

/** The definitions as far as an API server needs them to keep the objects. */
function definitions(): KubernetesObject[] {
  return kinds.map((kind, i) => {
    const plural = `${kind.toLowerCase()}s`;
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    return {
      ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: crds[i] } },
      spec: {
        group: "monitoring.coreos.com",
        scope: "Namespaced",
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    };
  });
}
