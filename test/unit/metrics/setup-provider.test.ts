import assert from "node:assert/strict";
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
const outputs: SetupOutputs = { ...inputs, orgId: "o" };
/** As versions wrote it that made tokens here. */
const earlier = { ...outputs, bucketId: "b", writeTokenId: "w", writeToken: "write", readTokenId: "r", readToken: "read" };

describe("the setup of a store", () => {
  const table: [string, SetupOutputs, Partial<SetupInputs>, ReturnType<typeof diff>][] = [
    ["stays when nothing differs", outputs, {}, { changes: false, replaces: [] }],
    [
      "leaves the first bucket alone once it is made",
      outputs,
      { bucket: "more", retentionSeconds: 7200 },
      { changes: false, replaces: [] },
    ],
    ["is updated when the cluster is reached another way", outputs, { context: "other" }, { changes: true, replaces: [] }],
    [
      "is updated in a state that holds tokens, which are resources of their own now",
      earlier,
      {},
      { changes: true, replaces: [] },
    ],
    ["is replaced for another organisation", outputs, { org: "others" }, { changes: true, replaces: ["org"] }],
    ["is replaced in another namespace", outputs, { namespace: "other" }, { changes: true, replaces: ["namespace"] }],
  ];
  for (const [what, olds, news, expected] of table) {
    it(what, () => assert.deepEqual(diff(olds, { ...inputs, ...news }), expected));
  }
});
