import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LoadTestAlerts, type LoadTestAlertsArgs } from "../../../components/alerts/alerts";
import { alertGroups } from "../../../components/alerts/rules/groups";
import { alertNames } from "../../../components/alerts/rules/rule";
import { alertsProblems, type AlertsSettings } from "../../../components/alerts/settings";
import { roleLabels } from "../../../components/kube/labels";
import { Registered, valueOf } from "../../support/registered";

interface Inputs {
  metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
}

const registered = new Registered<Inputs>();
const prometheus = { namespace: "monitoring" };

async function alertsWith(args: Partial<LoadTestAlertsArgs> = {}) {
  registered.all.length = 0;
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.all.push(resource);
      return { id: `${resource.name}-id`, state: resource.inputs as object };
    },
    call: () => ({}),
  });
  const alerts = new LoadTestAlerts("alerts", { namespace: "load", prometheus, ...args });
  await valueOf(alerts.ruleName);
  await pulumi.runtime.disconnect();
}

const monitors = () =>
  registered
    .inputsOf("PodMonitor")
    .map(({ metadata, spec }) => ({ ...spec, name: metadata?.name ?? "" }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
const policies = () =>
  Object.fromEntries(registered.inputsOf("NetworkPolicy").map(({ metadata, spec }) => [metadata?.name ?? "", spec]));
const whole: Partial<LoadTestAlertsArgs> = { storageSize: "20Gi", operator: { namespace: "load-operator" } };

describe("alerts on a platform", () => {
  it("are a rule and monitors with the labels by which Prometheus chooses", async () => {
    await alertsWith({ ...whole, objectLabels: { release: "prometheus" }, scrapeSeconds: 15 });
    const { metadata, spec } = registered.one("PrometheusRule");
    assert.deepEqual([metadata?.name, metadata?.namespace, metadata?.labels?.release], ["k6-load-tests", "load", "prometheus"]);
    const groups = spec?.groups as { name: string; rules: { alert: string }[] }[];
    assert.deepEqual([...new Set(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)))].sort(), [...alertNames].sort());
    assert.ok(registered.inputsOf("PodMonitor").every(({ metadata: { labels = {} } = {} }) => labels.release === "prometheus"));
    assert.deepEqual(monitors(), [
      {
        name: "k6-gateway",
        selector: { matchLabels: roleLabels("gateway") },
        namespaceSelector: { matchNames: ["load"] },
        podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "15s" }],
      },
      {
        name: "k6-operator",
        selector: { matchLabels: { "app.kubernetes.io/name": "k6-operator" } },
        namespaceSelector: { matchNames: ["load-operator"] },
        podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "15s" }],
      },
      {
        name: "k6-store",
        selector: { matchLabels: roleLabels("store") },
        namespaceSelector: { matchNames: ["load"] },
        podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
      },
    ]);
  });

  it("open the closed namespace for the pods of Prometheus alone, to the ports with numbers", async () => {
    await alertsWith({ ...whole, prometheus: { namespace: "monitoring", podLabels: { app: "prom" } } });
    assert.deepEqual(Object.keys(policies()).sort(), ["allow-gateway-from-prometheus", "allow-store-from-prometheus"]);
    assert.deepEqual(policies()["allow-gateway-from-prometheus"], {
      podSelector: { matchLabels: roleLabels("gateway") },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
              podSelector: { matchLabels: { app: "prom" } },
            },
          ],
          ports: [{ protocol: "TCP", port: 9273 }],
        },
      ],
    });
    assert.match(JSON.stringify(policies()["allow-store-from-prometheus"]), /"port":8086/);
  });

  it("ask nothing of what is not there, or is somebody else's to ask, and still judge an operator that is adopted", async () => {
    await alertsWith({ gateway: false, operator: { namespace: "theirs", isAdopted: true } });
    assert.deepEqual([monitors(), policies()], [[], {}]);
    const text = JSON.stringify(registered.one("PrometheusRule").spec);
    assert.match(text, /controller_runtime_reconcile_errors_total\{namespace=\\"theirs\\"/);
    assert.ok(!/gateway_internal|storage_shard/.test(text));
  });

  it("are left out, held longer and labelled as wished, and lead to their section of a page", () => {
    const watched = { namespace: "load", gateway: true };
    const settings = {
      without: ["K6RunPending" as const],
      forSeconds: { K6RunnerNodeLost: 300 },
      alertLabels: { team: "shop" },
      runbookUrl: "https://wiki.example.com/k6",
    };
    const rules = alertGroups(watched, settings).flatMap((group) => group.rules);
    assert.ok(rules.every(({ alert, labels }) => alert !== "K6RunPending" && labels.team === "shop"));
    const lost = rules.find(({ alert }) => alert === "K6RunnerNodeLost");
    assert.equal(lost?.for, "300s");
    assert.equal(lost.annotations.runbook_url, "https://wiki.example.com/k6#k6runnernodelost");
  });

  it("use in their sentences no label that their expressions do not give", () => {
    const watched = { namespace: "load", gateway: true, storageSize: "20Gi", operatorNamespace: "load-operator" };
    for (const { alert, expr, labels, annotations } of alertGroups(watched, {}).flatMap((group) => group.rules)) {
      const used = Object.values(annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)].map(([, name]) => name));
      const given = expr.match(/(?<=(?:by|on) \()[^)]*/g)?.flatMap((names) => names.split(", ")) ?? [];
      assert.ok(
        used.every((name) => [...given, ...Object.keys(labels)].includes(name)),
        `${alert}: ${used.join(", ")}`,
      );
    }
  });
});

describe("the settings of alerts", () => {
  const refused: [string, Partial<AlertsSettings>, RegExp][] = [
    ["a namespace that is none", { prometheus: { namespace: "a.b" } }, /^prometheus\.namespace: "a\.b" is no name/],
    ["asking every second", { scrapeSeconds: 1 }, /^scrapeSeconds: 1 cannot be: give whole seconds from 5 to 120/],
    ["a share above 1", { limits: { storeShare: 80 } }, /^limits\.storeShare: 80 is no share/],
    ["a limit below 0", { limits: { operatorErrors: -1 } }, /^limits\.operatorErrors: -1 is no limit/],
    ["half a second", { forSeconds: { K6StoreFull: 0.5 } }, /^forSeconds\.K6StoreFull: 0\.5 is not a whole number/],
    [
      "an alert that there is not",
      { without: ["K6Nothing" as "K6RunPending"] },
      /^without\[0\]: "K6Nothing" is no alert\. There are K6Op/,
    ],
  ];
  for (const [what, settings, told] of refused) {
    it(`refuse ${what}`, () => {
      const lines = alertsProblems({ prometheus, ...settings }).map(({ path, reason }) => `${path}: ${reason}`);
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0], told);
    });
  }

  it("may be no more than where Prometheus is", () => assert.deepEqual(alertsProblems({ prometheus }), []));
});
