import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { Problems } from "../../../components/errors";
import { configMapContents } from "../../../components/run/harness/files";
import { inspectionIn } from "../../../components/run/inspect-answer";
import { inspectionJob } from "../../../components/run/inspect-job";
import type { InspectionResult } from "../../../components/run/inspection";
import { requirementsOf, type LoadShape } from "../../../components/run/script/load-shape";
import { readScript } from "../../../components/run/script/read";
import type { ScriptSource } from "../../../components/run/script/source";
import { executable } from "../../support/executables";
import { runInputs } from "../../support/run-inputs";

describe("k6 inspect in a pod", function () {
  this.timeout(30_000);
  let k6: string;
  let folder: string;
  before(() => {
    k6 = executable("k6");
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-inspect-answer-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  let count = 0;

  /** Runs the very inspect.sh of the pod, with the variables and arguments that its container has. */
  async function asked(source: ScriptSource, load: LoadShape = {}, env: Record<string, string> = {}): Promise<InspectionResult> {
    const problems = new Problems();
    const script = readScript(source, { path: "script", runners: 2 }, problems);
    problems.throwIfAny("the script of a test");
    const mounted = path.join(folder, String(count++));
    mkdirSync(mounted);
    const [{ data }] = configMapContents(script!);
    Object.entries(data).forEach(([name, text]) => writeFileSync(path.join(mounted, name), text));
    const { isArchive, entry, splitFiles } = script!;
    const inputs = runInputs({
      load,
      env,
      scriptName: script!.name,
      script: { ...(isArchive ? { archive: entry } : {}), splitFiles },
    });
    const [container] = inspectionJob(inputs).spec!.template.spec!.containers;
    const variables = (container.env ?? []).map(({ name, value = "" }) => [name, value] as const);
    const { stdout } = await execa("sh", [path.join(mounted, "inspect.sh"), ...container.args!], {
      env: { PATH: `${path.dirname(k6)}${path.delimiter}${process.env.PATH}`, ...Object.fromEntries(variables) },
      extendEnv: false,
    });
    return inspectionIn(stdout, inputs);
  }

  async function refusal(...args: Parameters<typeof asked>): Promise<string> {
    const result = await asked(...args);
    assert.ok(result !== undefined && "refusal" in result, JSON.stringify(result));
    return result.refusal;
  }

  function file(name: string, text: string): string {
    const full = path.join(folder, name);
    writeFileSync(full, text);
    return full;
  }

  const plain = "export default function () {}";

  it("says the VUs and the longest duration, computed from the run's variables", async () => {
    const inline = "export const options = { vus: Number(__ENV.VUS), duration: '20s' }; export default function () {}";
    assert.deepEqual(await asked({ inline }, {}, { VUS: "7" }), { inspection: { maxVUs: 7, totalDurationSeconds: 50 } });
  });

  for (const load of [
    { vus: 4, duration: "3s" },
    { duration: "3s" },
    {
      stages: [
        { duration: "5s", target: 3 },
        { duration: "1s", target: 0 },
      ],
    },
  ]) {
    it(`agrees with us on what ${JSON.stringify(load)} needs`, async () => {
      assert.deepEqual(await asked({ inline: plain }, load), { inspection: requirementsOf(load) });
    });
  }

  it("keeps the VUs of the script where the load says none", async () => {
    const inline = "export const options = { vus: 6, duration: '1s' }; export default function () {}";
    assert.deepEqual(await asked({ inline }, { duration: "2s" }), { inspection: { maxVUs: 6, totalDurationSeconds: 32 } });
  });

  it("refuses a load beside scenarios, naming them", async () => {
    const inline =
      "export const options = { scenarios: { browse: { executor: 'constant-vus', vus: 1, duration: '1s' } } }; export default () => {}";
    assert.match(
      await refusal({ inline }, { vus: 4, duration: "3s" }),
      /^script script\.js has scenarios \(browse\).*\(vus, duration\)/,
    );
  });

  it("reads a split file as the first runner has it", async () => {
    const inline =
      "const n = open('./u.csv').trim().split('\\n').length - 1; export const options = { vus: n, iterations: n }; export default () => {}";
    const users = file("u.csv", "name\nann\nbob\ncid\n");
    assert.deepEqual(await asked({ inline, splitFiles: { "u.csv": users } }), {
      inspection: { maxVUs: 2, totalDurationSeconds: 630 },
    });
  });

  it("reads a script that lies in the image, and tells its own places", async () => {
    const good = file("good.js", "export const options = { vus: 3, duration: '5s' }; export default () => {}");
    assert.deepEqual(await asked({ imagePath: good }), { inspection: { maxVUs: 3, totalDurationSeconds: 35 } });
    const bad = file("bad.js", "export default () => {};\nthrow new Error('no token');\n");
    assert.match(await refusal({ imagePath: bad }), /^k6 does not load script bad\.js: Error: no token at .*\/bad\.js:2:\d+$/);
  });

  it("names a file that is not there, of a module and of an archive", async () => {
    assert.match(
      await refusal({ imagePath: "/nowhere/shop.js" }),
      /^k6 does not load script shop\.js: .*"\/nowhere\/shop\.js\\?" couldn't be found on local disk\.$/,
    );
    assert.match(
      await refusal({ imagePath: "/nowhere/shop.tar" }),
      /^k6 does not load script shop\.tar: .*"\/nowhere\/shop\.tar\\?" couldn't be found on local disk\.$/,
    );
  });

  it("refuses a script that throws as it is loaded, with the author's line", async () => {
    assert.match(
      await refusal({ inline: "\nthrow new Error('no token'); export default () => {}" }),
      /^k6 does not load script script\.js: Error: no token at script\.js:2:\d+$/,
    );
  });

  it("has no say where there is no k6", () => {
    assert.equal(inspectionIn("== 127\nsh: timeout: not found\n", runInputs()), undefined);
    assert.equal(inspectionIn("", runInputs()), undefined);
  });
});
