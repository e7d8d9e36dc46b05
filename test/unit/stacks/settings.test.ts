import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { ArgumentError } from "pulumi-k6/dist/errors";
import { readSettings } from "../../../stacks/settings/read";

const folder = path.join(__dirname, "../../../stacks");
const loadTest = { script: path.join(folder, "scripts/checkout.js"), runners: 2 };

/** Reads settings as Pulumi hands them out: groups as JSON, single values as text. */
function read(config: Record<string, unknown>) {
  const texts = Object.entries(config).map(([key, value]) => [
    `k6:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return readSettings("test", "k6", { ...(Object.fromEntries(texts) as Record<string, string>), "kubernetes:other": "ignored" });
}

function problemsOf(config: Record<string, unknown>) {
  try {
    read(config);
  } catch (error) {
    assert.ok(error instanceof ArgumentError);
    return error.problems;
  }
  return [];
}

describe("settings", () => {
  it("are complete with nothing but a context", () => {
    const settings = read({ context: "shop" });
    assert.equal(settings.platform.namespace, "load-tests");
    assert.equal(settings.platform.protect, false);
    assert.deepEqual(settings.loadTests, {});
  });

  it("take a number where a quantity is meant", () => {
    assert.equal(read({ context: "shop", platform: { quota: { cpu: 4 } } }).platform.quota?.cpu, "4");
  });

  it("take a number as the value of a variable", () => {
    const { loadTests } = read({ context: "shop", loadTests: { shop: { ...loadTest, env: { RATE: 40, DEBUG: true } } } });
    assert.deepEqual(loadTests.shop?.env, { RATE: "40", DEBUG: "true" });
  });

  it("take a context that looks like a number as text", () => assert.equal(read({ context: "1234" }).context, "1234"));

  const refused: [string, Record<string, unknown>, string, RegExp][] = [
    ["a missing context", {}, "context", /wrong one by accident.*pulumi config set context/],
    ["two ways to choose the cluster", { context: "shop", useCurrentContext: true }, "useCurrentContext", /"shop" already/],
    ["an unknown setting", { context: "shop", loadTest: {} }, "loadTest", /Did you mean "loadTests"\?/],
    ["an unknown setting near none", { context: "shop", colour: "red" }, "colour", /Known here: context, /],
    [
      "an unknown setting deep inside",
      {
        context: "shop",
        loadTests: { shop: { ...loadTest, targets: [{ namespace: "shop", ports: [443], cidr: ["10.0.0.0/8"] }] } },
      },
      "loadTests.shop.targets[0].cidr",
      /Did you mean "cidrs"\?/,
    ],
    ["text for a group", { context: "shop", platform: "big" }, "platform", /"big" was given: use a group of settings/],
    [
      "text for a number",
      { context: "shop", loadTests: { shop: { ...loadTest, runners: "two" } } },
      "loadTests.shop.runners",
      /"two".*number/,
    ],
    [
      "a load test without script",
      { context: "shop", loadTests: { shop: { runners: 2 } } },
      "loadTests.shop.script",
      /is missing: give the path of a k6 script/,
    ],
    [
      "an unknown key of a script",
      { context: "shop", loadTests: { shop: { ...loadTest, script: { path: loadTest.script, splitFile: {} } } } },
      "loadTests.shop.script.splitFile",
      /Did you mean "splitFiles"\?/,
    ],
    [
      "a load that cannot be",
      { context: "shop", loadTests: { shop: { ...loadTest, duration: "5" } } },
      "loadTests.shop.duration",
      /"5" is not a duration/,
    ],
    [
      "a secret that is no text, without telling it",
      { context: "shop", loadTests: { shop: { ...loadTest, secrets: { TOKEN: ["swordfish"] } } } },
      "loadTests.shop.secrets.TOKEN",
      /^something was given: use text\.$/,
    ],
    [
      "a wrong quantity",
      { context: "shop", platform: { quota: { memory: "8 GB" } } },
      "platform.quota.memory",
      /"8 GB" is not a quantity/,
    ],
    [
      "a wrong target",
      { context: "shop", loadTests: { shop: { ...loadTest, targets: [{ cidrs: ["10.0.0.1"], ports: [80] }] } } },
      "loadTests.shop.targets[0].cidrs[0]",
      /10.0.0.1\/32/,
    ],
    [
      "a script that is not there",
      { context: "shop", loadTests: { shop: { ...loadTest, script: "gone.js" } } },
      "loadTests.shop.script",
      /"gone.js": there is no such file/,
    ],
    ["a name that cannot be", { context: "shop", loadTests: { "Shop!": loadTest } }, "loadTests.Shop!", /Shop!/],
    ["half a runner", { context: "shop", loadTests: { shop: { ...loadTest, runners: 1.5 } } }, "loadTests.shop.runners", /1.5/],
    [
      "a load test that may not run here",
      { context: "shop", mayRun: { tests: ["pay"] }, loadTests: { shop: loadTest } },
      "loadTests.shop",
      /allows pay/,
    ],
    [
      "any load test where none may run",
      { context: "shop", mayRun: { tests: [] }, loadTests: { shop: loadTest } },
      "loadTests.shop",
      /allows none/,
    ],
    [
      "more runners than the stack allows",
      { context: "shop", mayRun: { maxRunners: 1 }, loadTests: { shop: loadTest } },
      "loadTests.shop.runners",
      /2 is above the 1/,
    ],
    [
      "a run that nobody asked for",
      { context: "shop", mayRun: { needsTrigger: true }, loadTests: { shop: loadTest } },
      "loadTests.shop.trigger",
      /nothing runs unasked/,
    ],
  ];
  for (const [what, config, where, reason] of refused) {
    it(`refuse ${what}`, () => {
      const [problem, ...others] = problemsOf(config);
      assert.equal(problem?.path, where);
      assert.match(problem.reason, reason);
      assert.deepEqual(others, []);
    });
  }

  it("tell all problems at once", () => {
    const found = problemsOf({ platfrom: {}, images: { k7: "x" }, loadTests: { shop: { script: 1, runner: 2 } } });
    assert.deepEqual(found.map(({ path }) => path).sort(), [
      "images.k7",
      "loadTests.shop.runner",
      "loadTests.shop.runners",
      "loadTests.shop.script",
      "platfrom",
    ]);
  });
});

describe("a misspelt setting", () => {
  it("does not hide what else is wrong", () => {
    const found = problemsOf({ platfrom: {}, loadTests: { shop: { ...loadTest, runners: 0, runer: 2 } } });
    assert.deepEqual(found.map(({ path }) => path).sort(), [
      "context",
      "loadTests.shop.runer",
      "loadTests.shop.runners",
      "platfrom",
    ]);
  });
});

describe("the stacks of this repository", () => {
  const files = readdirSync(folder).filter((file) => /^Pulumi\.\w+\.yaml$/.test(file));

  const before = process.cwd();
  // Scripts are named relative to the program's folder, where Pulumi runs it.
  beforeEach(() => process.chdir(folder));
  afterEach(() => process.chdir(before));

  function settingsOf(file: string) {
    const { config } = parse(readFileSync(path.join(folder, file), "utf8")) as { config: Record<string, unknown> };
    const own = Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("pulumi-k6:", ""), value]));
    return read("useCurrentContext" in own ? own : { ...own, context: "given by the user" });
  }

  it("are lab, dev, staging and prod", () => {
    assert.deepEqual(
      files.sort(),
      ["dev", "lab", "prod", "staging"].map((stack) => `Pulumi.${stack}.yaml`),
    );
  });
  for (const file of files) {
    it(`can be used: ${file}`, () => assert.doesNotThrow(() => settingsOf(file)));
  }
  for (const stack of ["dev", "staging", "prod"]) {
    it(`make ${stack} name its cluster`, () => assert.equal(settingsOf(`Pulumi.${stack}.yaml`).useCurrentContext, false));
  }
  it("protect production's store, and run nothing in production unasked", () => {
    const { platform, mayRun } = settingsOf("Pulumi.prod.yaml");
    assert.equal(platform.protect, true);
    assert.equal(mayRun.needsTrigger, true);
  });
});
