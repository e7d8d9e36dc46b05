import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { Problems } from "../../../components/errors";
import { inspectScript, type Surroundings } from "../../../components/run/inspect";
import { requirementsOf, type LoadShape } from "../../../components/run/script/load-shape";
import { readScript } from "../../../components/run/script/read";
import type { Script, ScriptSource } from "../../../components/run/script/source";
import { executable } from "../../support/executables";

describe("k6 inspect", () => {
  const given = process.env.K6_PATH;
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-script-"))));
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    process.env.K6_PATH = executable("k6");
  });
  afterEach(() => {
    delete process.env.K6_VUS;
    delete process.env.K6_PATH;
    Object.assign(process.env, given === undefined ? {} : { K6_PATH: given });
  });

  function file(name: string, text: string): string {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  }
  const read = (source: ScriptSource) => readScript(source, { path: "script", runners: 2 }, new Problems()) as Script;
  const asked = (source: ScriptSource, change: Partial<Surroundings> = {}) =>
    inspectScript(read(source), { env: {}, load: {}, hasSecrets: false, ...change });
  const refusal = (...args: Parameters<typeof asked>) => {
    const result = asked(...args);
    assert.ok(result !== undefined && "refusal" in result, JSON.stringify(result));
    return result.refusal;
  };
  const plain = "export default function () {}";

  it("says the VUs and the longest duration, computed from the run's variables alone", () => {
    process.env.K6_VUS = "99";
    const inline = "export const options = { vus: Number(__ENV.VUS), duration: '20s' }; export default function () {}";
    assert.deepEqual(asked({ inline }, { env: { VUS: "7" } }), { inspection: { maxVUs: 7, totalDurationSeconds: 50 } });
  });

  it("refuses a script that throws while it is loaded, with the script's own words and the author's line", () => {
    const inline = "\nthrow new Error('no token'); export default function () {}";
    assert.match(refusal({ inline }), /^k6 does not load script script\.js: Error: no token at script\.js:2:\d+$/);
  });

  it("names the line of an imported TypeScript file", () => {
    file(
      "lib/login.ts",
      "type Token = string;\n\nexport const token: Token = '';\nif (token === '') throw new Error('no token');\n",
    );
    const main = file("shop.ts", "import { token } from './lib/login';\nexport default (): string => token;\n");
    assert.match(refusal({ path: main }), /^k6 does not load script shop\.ts: Error: no token at lib\/login\.ts:4:\d+$/);
  });

  it("reads the script's data files", () => {
    const inline =
      "const n = open('./users.csv').split('\\n').length - 2; export const options = { vus: n, iterations: n }; export default () => {}";
    const users = file("users.csv", "name\nann\nbob\ncid\n");
    assert.deepEqual(asked({ inline, files: { "users.csv": users } }), { inspection: { maxVUs: 3, totalDurationSeconds: 630 } });
    assert.match(
      refusal({ inline }),
      /stat \.\/users\.csv: no such file or directory at script\.js:1:\d+\. What a script opens must be among script\.files/,
    );
  });

  it("reads an archive", async () => {
    const main = file("packed.js", "export const options = { vus: 3, duration: '5s' }; export default () => {}");
    const archive = path.join(folder, "packed.tar");
    await execa(executable("k6"), ["archive", "--quiet", "-O", archive, main]);
    assert.deepEqual(asked({ path: archive }), { inspection: { maxVUs: 3, totalDurationSeconds: 35 } });
    assert.deepEqual(asked({ path: archive }, { load: { vus: 5, duration: "1s" } }), {
      inspection: { maxVUs: 5, totalDurationSeconds: 31 },
    });
  });

  const loads: LoadShape[] = [
    { vus: 4, duration: "90s" },
    { duration: "1m" },
    { iterations: 3 },
    { vus: 2, iterations: 5, duration: "7s" },
    {
      stages: [
        { duration: "10s", target: 5 },
        { duration: "20s", target: 2 },
      ],
    },
    { vus: 9, stages: [{ duration: "10s", target: 5 }] },
  ];
  for (const load of loads) {
    it(`agrees with us on what ${JSON.stringify(load)} needs`, () => {
      assert.deepEqual(asked({ inline: plain }, { load }), { inspection: requirementsOf(load) });
    });
  }

  it("lets a load take the place of the script's own vus and duration", () => {
    const inline = "export const options = { vus: 1, duration: '1s' }; export default function () {}";
    assert.deepEqual(asked({ inline }, { load: { vus: 4, duration: "3s" } }), {
      inspection: { maxVUs: 4, totalDurationSeconds: 33 },
    });
  });

  it("refuses a load beside scenarios, naming them", () => {
    const inline =
      "export const options = { scenarios: { browse: { executor: 'constant-vus', vus: 1, duration: '1s' } } }; export default () => {}";
    assert.match(refusal({ inline }, { load: { vus: 4, duration: "3s" } }), /has scenarios \(browse\).*\(vus, duration\)/);
  });

  it("has no say on a script that needs an extension, or secrets", () => {
    assert.equal(asked({ inline: "import x from 'k6/x/nothing'; export default function () { x(); }" }), undefined);
    const inline = "import secrets from 'k6/secrets'; const token = await secrets.get('token'); export default () => token;";
    assert.equal(asked({ inline }, { hasSecrets: true }), undefined);
    assert.match(refusal({ inline }), /no secret sources are configured/);
  });

  it("has no say on what is not here", () => {
    assert.equal(asked({ imagePath: "/scripts/shop.js" }), undefined);
    process.env.K6_PATH = "/nowhere/k6";
    assert.equal(asked({ inline: plain }), undefined);
  });
});
