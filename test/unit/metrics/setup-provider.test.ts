import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
// The compiled module: its text is what stands in users' states.
import { InfluxDbSetup } from "pulumi-k6/dist/metrics/setup";
import type { SetupInputs, SetupOutputs } from "../../../components/metrics/setup-provider";
import { diff } from "../../../components/metrics/setup-provider";

const inputs: SetupInputs = {
  namespace: "load",
  service: "influxdb",
  port: 8086,
  org: "load-tests",
  bucket: "k6",
  retentionSeconds: 3600,
  username: "admin",
  adminPassword: "password",
  adminToken: "token",
};
const outputs: SetupOutputs = {
  ...inputs,
  orgId: "o",
  bucketId: "b",
  writeTokenId: "w",
  writeToken: "write",
  readTokenId: "r",
  readToken: "read",
};

describe("the setup of a store", () => {
  const table: [string, Partial<SetupOutputs>, Partial<SetupInputs>, ReturnType<typeof diff>][] = [
    ["stays when nothing differs", {}, {}, { changes: false, replaces: [] }],
    ["is updated for another retention", {}, { retentionSeconds: 7200 }, { changes: true, replaces: [] }],
    ["is updated when the cluster is reached another way", {}, { context: "other" }, { changes: true, replaces: [] }],
    ["is updated when the token for writing is gone", { writeToken: "" }, {}, { changes: true, replaces: [] }],
    ["is updated when the token for reading is gone", { readToken: "" }, {}, { changes: true, replaces: [] }],
    ["is replaced for another bucket", {}, { bucket: "more" }, { changes: true, replaces: ["bucket"] }],
    ["is replaced in another namespace", {}, { namespace: "other" }, { changes: true, replaces: ["namespace"] }],
  ];
  for (const [what, olds, news, expected] of table) {
    it(what, () => assert.deepEqual(diff({ ...outputs, ...olds }, { ...inputs, ...news }), expected));
  }

  it("has a small constant text in the state, which loads the code by package name", async () => {
    const texts: string[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs: { __provider } }) => {
        texts.push(textOf(__provider));
        return { id: name, state: {} };
      },
      call: () => ({}),
    });
    const { readToken } = new InfluxDbSetup("setup", inputs);
    await new Promise<unknown>((resolve) => readToken.apply(resolve));
    const [text] = texts;
    assert.ok(text !== undefined && text.length < 4096, `text of ${text?.length} characters`);
    assert.match(text, /require\("pulumi-k6\/dist\/metrics\/setup-provider"\)/);
    assert.ok(!text.includes(process.cwd()), "no path of this machine");
  });
});

/** A value as it goes to the engine, out of the envelope that marks secrets. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : (value as { value: string }).value;
}
