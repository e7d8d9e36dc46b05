import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { Grafana } from "../../../components/grafana/grafana";
import type { GrafanaSettings } from "../../../components/grafana/settings";
import { valueOf } from "../../support/registered";

/** By which Pulumi's engine is told that a value is a secret. */
const secretMark = "4dabf18193072939515e22adb298388d";

const store = { url: "http://influxdb.load.svc:8086", org: "load", bucket: "k6", readToken: pulumi.secret("made-up-read-token") };

async function registeredWith(settings: GrafanaSettings): Promise<MockResourceArgs[]> {
  const all: MockResourceArgs[] = [];
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      all.push(resource);
      return { id: resource.name, state: { ...(resource.inputs as object), result: "made-up-password" } };
    },
    call: () => ({}),
  });
  const grafana = new Grafana("grafana", { namespace: "load", store, ...settings });
  await valueOf(grafana.runs);
  await pulumi.runtime.disconnect();
  return all;
}

function readable(inputs: unknown): string {
  return JSON.stringify(inputs, (_, value: unknown) =>
    typeof value === "object" && value !== null && secretMark in value ? "secret" : value,
  );
}

const settings: Record<string, GrafanaSettings> = {
  deployed: {},
  bound: { bind: { url: "https://grafana.example", token: "made-up-admin-token" } },
};

describe("a Grafana's secrets", () => {
  for (const [what, given] of Object.entries(settings)) {
    it(`are given to the engine as secrets where it is ${what}`, async () => {
      const all = await registeredWith(given);
      assert.ok(JSON.stringify(all.map(({ inputs }) => inputs as object)).includes("made-up"), "there are some");
      for (const { type, inputs } of all) {
        assert.ok(!readable(inputs).includes("made-up"), `${type} has a secret in clear: ${readable(inputs)}`);
      }
    });
  }
});
