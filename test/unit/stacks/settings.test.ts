import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { ArgumentError } from "pulumi-k6/dist/errors";
import { loadTestArgs, platformArgs } from "../../../stacks/settings/arguments";
import { readSettings } from "../../../stacks/settings/read";

const folder = path.join(__dirname, "../../../stacks");
const loadTest = { script: path.join(folder, "scripts/checkout.js"), runners: 2 };

/** Reads settings as Pulumi hands them out: groups as JSON, single values as text. */
function read(config: Record<string, unknown>, secretKeys: string[] = []) {
  const texts = Object.entries(config).map(([key, value]) => [
    `k6:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const all = { ...(Object.fromEntries(texts) as Record<string, string>), "kubernetes:other": "ignored" };
  const keys = secretKeys.map((key) => `k6:${key}`);
  return readSettings("test", "k6", all, keys);
}

function problemsOf(config: Record<string, unknown>, secretKeys: string[] = []) {
  try {
    read(config, secretKeys);
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

  it("take where runners may run, as Kubernetes has it", () => {
    const placement = {
      nodeSelector: { dedicated: true },
      tolerations: [{ key: "dedicated", value: 1, effect: "NoSchedule" }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
      priorityClassName: "load",
    };
    const { loadTests } = read({ context: "shop", loadTests: { shop: { ...loadTest, placement } } });
    assert.deepEqual(loadTests.shop?.placement, {
      ...placement,
      nodeSelector: { dedicated: "true" },
      tolerations: [{ key: "dedicated", value: "1", effect: "NoSchedule" }],
    });
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
      "engine operator where there is no operator",
      { context: "shop", loadTests: { shop: { ...loadTest, engine: "operator" } } },
      "loadTests.shop.engine",
      /this stack has none\. Run `pulumi config set --path platform\.operator\.expectedRunners 20` to have one, or use engine "job"/,
    ],
    [
      "an unknown engine",
      { context: "shop", loadTests: { shop: { ...loadTest, engine: "knative" } } },
      "loadTests.shop.engine",
      /"knative" was given.*"job"\|"operator"/,
    ],
    [
      "more runners than the operator, which is the stack's engine then, can start",
      {
        context: "shop",
        platform: { operator: {} },
        loadTests: {
          shop: { script: { inline: "export default function () {}" }, runners: 351, vus: 400, duration: "1m" },
        },
      },
      "loadTests.shop.runners",
      /351 is above the 350 that k6-operator can start/,
    ],
    [
      "an operator without replicas",
      { context: "shop", platform: { operator: { replicas: 0 } } },
      "platform.operator.replicas",
      /0 is not a whole number of 1 or more/,
    ],
    [
      "an operator that is another one every day",
      { context: "shop", platform: { operator: {} }, images: { k6Operator: "k6-operator:latest" } },
      "images.k6Operator",
      /controller every day/,
    ],
    [
      "an image for an operator that is adopted",
      {
        context: "shop",
        platform: { operator: { adopt: true, namespace: "ops" } },
        images: { k6Operator: "op:controller-v1.6.0" },
      },
      "images.k6Operator",
      /is decided by whoever installed the operator/,
    ],
    [
      "an operator adopted from nowhere",
      { context: "shop", platform: { operator: { adopt: true } } },
      "platform.operator.namespace",
      /is missing/,
    ],
    [
      "a secret in clear, without telling it",
      { context: "shop", loadTests: { shop: { ...loadTest, secrets: { "api-token": "swordfish" } } } },
      "loadTests.shop.secrets.api-token",
      /^stands in clear in the settings\. Run `pulumi config set --secret --path 'loadTests\.shop\.secrets\["api-token"\]'`(?!.*swordfish)/,
    ],
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

  it("take a secret that Pulumi keeps encrypted", () => {
    const loadTests = { shop: { ...loadTest, secrets: { TOKEN: "swordfish" } } };
    assert.deepEqual(problemsOf({ context: "shop", loadTests }, ["loadTests"]), []);
    assert.equal(problemsOf({ context: "shop", loadTests }, ["platform"]).length, 1);
  });

  it("make operator the engine where the stack has one, and hand it the images", () => {
    const loadTests = { shop: loadTest, pay: { ...loadTest, engine: "job" } };
    const images = { k6Operator: "mirror/op:controller-v1.7.0", starter: "mirror/op:starter-v1.7.0" };
    const settings = read({ context: "shop", platform: { operator: { replicas: 2 } }, images, loadTests });
    const engines = Object.values(settings.loadTests).map((test) => loadTestArgs(settings, test).engine);
    assert.deepEqual(engines, ["operator", "job"]);
    assert.deepEqual(platformArgs(settings).operator, {
      replicas: 2,
      image: "mirror/op:controller-v1.7.0",
      starterImage: "mirror/op:starter-v1.7.0",
    });
    const plain = read({ context: "shop", loadTests: { shop: loadTest } });
    assert.equal(loadTestArgs(plain, plain.loadTests.shop).engine, "job");
    assert.equal(platformArgs(plain).operator, undefined);
  });

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
