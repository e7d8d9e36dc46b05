import assert from "node:assert/strict";
import { steady } from "./support/scripts";
import { loadTest, type GivenLoadTest } from "./support/settings";
import { LabStack } from "./support/stack";

const longName = "a-name-that-is-longer-than-what-is-left-beside-digest-and-index";
const target = { namespace: "demo", ports: [8080] };

/** Load tests that cannot be, each with the property and the remedy that must be named. */
const refused: Record<string, { change: Partial<GivenLoadTest>; script?: string; path: string; says: RegExp }> = {
  unparsable: {
    change: {},
    script: "export default function () {",
    path: "script",
    says: /unparsable\.js:1:29: Unexpected end of file/,
  },
  "not-loadable": { change: {}, script: `${steady}\nthrow new Error("no data");`, path: "script", says: /no data/ },
  large: {
    change: {},
    script: `${steady}// ${"x".repeat(8 * 1024 * 1024)}`,
    path: "script",
    says: /8388938 bytes, at most 8388608 \(8 MiB\).*Make it smaller/,
  },
  missing: { change: { script: "scripts/absent.js" }, path: "script", says: /"scripts\/absent\.js".*relative to/ },
  "unknown-key": { change: { runnerz: 2 } as object, path: "runnerz", says: /Did you mean "runners"\?/ },
  "few-vus": { change: { runners: 11 }, path: "runners", says: /11 runners for 10 VUs.*at most 10/ },
  "no-runners": { change: { runners: 0 }, path: "runners", says: /0 runners.*whole number from 1/ },
  "half-a-runner": { change: { runners: 1.5 }, path: "runners", says: /1\.5 runners.*whole number from 1/ },
  "short-deadline": {
    change: { deadlineSeconds: 8, startDeadlineSeconds: 2 },
    path: "deadlineSeconds",
    says: /8 s ends before the script can.*at least 10 s/,
  },
  "threshold-syntax": {
    change: { thresholds: { http_req_duration: ["p95<500"] } },
    path: "thresholds.http_req_duration[0]",
    says: /p95<500.*p\(95\)/,
  },
  "metric-name": { change: { thresholds: { "http-req": ["avg<1"] } }, path: "thresholds", says: /http-req/ },
  "plain-secret": {
    change: { secrets: { TOKEN: "swordfish" } },
    path: "secrets.TOKEN",
    says: /stands in clear.*pulumi config set --secret --path 'loadTests\.plain-secret\.secrets\["TOKEN"\]'/,
  },
  "no-operator": { change: { engine: "operator" }, path: "engine", says: /this stack has none.*use engine "job"/ },
  "target-port": { change: { targets: [{ ...target, ports: [0] }] }, path: "targets[0].ports[0]", says: /0 is not a TCP port/ },
  [longName]: { change: {}, path: "", says: /63 characters, at most 50 fit.*shorter/ },
};

describe("a stack whose settings cannot be", function () {
  this.timeout(60_000);
  let stack: LabStack;
  let output: string;
  let exitCode: number;

  before(async () => {
    stack = await LabStack.open("refused");
    const loadTests: Record<string, GivenLoadTest> = {};
    for (const [name, { change, script = steady }] of Object.entries(refused)) {
      loadTests[name] = loadTest(await stack.script(`${name}.js`, script), change);
    }
    ({ exitCode, output } = await stack.upWith({ ...stack.settings, color: "red", loadTests }));
  });

  after(() => stack.close());

  for (const [name, { path, says }] of Object.entries(refused)) {
    it(`is told what is wrong with ${name}`, () => {
      const start = `loadTests.${name}${path === "" ? "" : `.${path}`}`;
      const line = output.split("\n").find((candidate) => candidate.trim().startsWith(start));
      assert.ok(line !== undefined, `no line on ${start} in: ${output}`);
      assert.match(line, says);
    });
  }

  it("is told of a setting that is not one, beside all the others", () => assert.match(output, /^\s*color: is not a setting/m));

  it("is told each thing once, all at once, and nothing else", () => {
    const [, count] = /settings of stack refused: (\d+) problems/.exec(output) ?? [];
    assert.equal(Number(count), Object.keys(refused).length + 1, output);
  });

  it("is not told a secret", () => assert.doesNotMatch(output, /swordfish/));

  it("is refused without a stack trace", () => {
    assert.notEqual(exitCode, 0);
    assert.doesNotMatch(output, /^\s+at .*:\d+:\d+\)?$|node_modules|unhandled/im);
  });

  it("is refused before anything is created", async () => {
    const { resources } = await stack.state();
    assert.deepEqual(
      resources.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
      [],
    );
  });
});
