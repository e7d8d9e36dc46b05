import assert from "node:assert/strict";
import path from "node:path";
import { Problems } from "../../../../components/errors";
import { inspectScript } from "../../../../components/run/inspect";
import type { LoadShape } from "../../../../components/run/script/load-shape";
import { readScript } from "../../../../components/run/script/read";
import type { ScriptSource } from "../../../../components/run/script/source";
import { executable } from "../../../support/executables";

describe("the script of an example", () => {
  const given = process.env.K6_PATH;
  before(() => {
    process.env.K6_PATH = executable("k6");
  });
  after(() => {
    delete process.env.K6_PATH;
    Object.assign(process.env, given === undefined ? {} : { K6_PATH: given });
  });

  const examples: [string, ScriptSource, LoadShape, number][] = [
    ["minimal", { path: "minimal/shop.js" }, {}, 20],
    ["operator", { path: "operator/shop.js" }, {}, 100],
    ["secrets", { path: "secrets/orders.js" }, {}, 10],
    [
      "typescript",
      { path: "typescript/load/shop.ts", splitFiles: { "users.csv": "typescript/load/users.csv" } },
      { stages: [{ duration: "30s", target: 20 }] },
      20,
    ],
  ];
  for (const [name, source, load, maxVUs] of examples) {
    it(`${name} is taken by k6`, () => {
      const problems = new Problems();
      const inExamples = (file: string | undefined) => path.join("examples", file ?? "");
      const { splitFiles = {} } = source;
      const script = readScript(
        {
          path: inExamples(source.path),
          splitFiles: Object.fromEntries(Object.entries(splitFiles).map(([key, file]) => [key, inExamples(file)])),
        },
        { path: "script", runners: 2 },
        problems,
      );
      assert.deepEqual(problems.all, []);
      assert.ok(script !== undefined);
      const result = inspectScript(script, { env: { TARGET_URL: "http://shop" }, load, hasSecrets: false });
      assert.ok(result !== undefined && "inspection" in result, JSON.stringify(result));
      assert.equal(result.inspection.maxVUs, maxVUs);
    });
  }
});
