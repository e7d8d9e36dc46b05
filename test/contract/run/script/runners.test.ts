import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { loadArguments } from "../../../../components/run/script/load-shape";
import { exceptionIn, inAuthorsWords } from "../../../../components/run/script/places";
import { secretData, secretsFile } from "../../../../components/run/script/secrets";
import { executable } from "../../../support/executables";
import { RunGroup, type GroupOptions, type Outcome } from "../../../support/run-group";

describe("a script under the real k6", function () {
  this.timeout(60_000);
  let k6: string;
  let folder: string;
  let group: RunGroup | undefined;

  before(() => {
    k6 = executable("k6");
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-script-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => group?.dispose());

  function file(name: string, text: string): string {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  }
  async function run(options: GroupOptions): Promise<Outcome> {
    group = await RunGroup.start(k6, options);
    return group.end();
  }
  const said = ({ logs }: Outcome, pattern: RegExp) => logs.map((log) => [...log.matchAll(pattern)].map((match) => match[1]));

  describe("in TypeScript with an import", () => {
    const orders = (where: string) => `interface Order { id: number }

export function order(id: number): Order {
  if (${where}) throw new Error("no stock");
  return { id };
}
${where === "true" ? "order(1);" : ""}
`;
    const main =
      "import { order } from './lib/orders';\nexport const options = { vus: 2, iterations: 2 };\nexport default function (): void {\n  console.log('order ' + order(7).id);\n}\n";

    it("runs", async () => {
      file("ok/lib/orders.ts", orders("false"));
      const outcome = await run({ script: { path: file("ok/shop.ts", main) }, runners: 2 });
      assert.deepEqual(outcome.exitCodes, [0, 0], outcome.logs.join("\n"));
      assert.deepEqual(said(outcome, /order (\d)/g), [["7"], ["7"]]);
    });

    it("tells the author's line of an exception in an iteration", async () => {
      file("late/lib/orders.ts", orders("id === 7"));
      const { logs } = await run({ script: { path: file("late/shop.ts", main) }, runners: 1 });
      const log = inAuthorsWords(logs[0], "shop.ts");
      assert.match(log, /Error: no stock\\n\\tat order \(lib\/orders\.ts:4:\d+\)\\n\\tat shop_default \(shop\.ts:4:\d+\)/);
    });

    it("tells the author's line of the exception that ended it", async () => {
      file("init/lib/orders.ts", orders("true"));
      const outcome = await run({ script: { path: file("init/shop.ts", main) }, runners: 1, startDeadlineSeconds: 1 });
      assert.deepEqual(outcome.exitCodes, [107]);
      assert.match(exceptionIn(outcome.logs[0].split("\n"), "shop.ts") ?? "", /^Error: no stock at lib\/orders\.ts:4:\d+$/);
    });
  });

  it("in CommonJS of several files keeps its options", async () => {
    file("cjs/price.js", "exports.price = 5;");
    const main = file(
      "cjs/main.js",
      "const { price } = require('./price.js');\nexports.options = { vus: 1, iterations: 3 };\nexports.default = function () { console.log('price ' + price); };\n",
    );
    const outcome = await run({ script: { path: main }, runners: 1 });
    assert.deepEqual(outcome.exitCodes, [0], outcome.logs.join("\n"));
    assert.deepEqual(said(outcome, /price (\d)/g), [["5", "5", "5"]]);
  });

  it("gives each runner its own part of a split file, and all of the others", async () => {
    const inline = `
      import { SharedArray } from 'k6/data';
      const users = new SharedArray('users', () => open('./users.csv').trim().split('\\n'));
      const plan = open('./plan.txt');
      export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } } };
      export default function () { console.log('saw ' + users.join('/') + '/' + plan + ' end'); }`;
    const users = file("users.csv", "name\nann\nbob\ncid\n");
    const plan = file("plan.txt", "plan");
    const outcome = await run({
      script: { inline, files: { "plan.txt": plan }, splitFiles: { "users.csv": users } },
      runners: 2,
    });
    assert.deepEqual(outcome.exitCodes, [0, 0], outcome.logs.join("\n"));
    assert.deepEqual(said(outcome, /saw (.*?) end/g), [["name/ann/bob/plan"], ["name/cid/plan"]]);
    assert.ok(outcome.totals.every((totals) => totals?.iterations === 1));
  });

  it("comes with data that is too large for one ConfigMap, whole and in parts", async () => {
    const line = (i: number) => `${String(i).padStart(6, "0")} ${"x".repeat(92)}\n`;
    const text = Array.from({ length: 14_000 }, (_, i) => line(i)).join("");
    const inline = `
      import crypto from 'k6/crypto';
      const all = open('./all.txt');
      const part = open('./part.txt').trim().split('\\n');
      export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } } };
      export default function () {
        console.log('saw ' + crypto.sha256(all, 'hex') + ' ' + part.length + ' ' + part[0].slice(0, 6) + ' end');
      }`;
    const big = file("big.txt", text);
    const script = { inline, files: { "all.txt": big }, splitFiles: { "part.txt": big } };
    const outcome = await run({ script, runners: 2 });
    assert.deepEqual(outcome.exitCodes, [0, 0], outcome.logs.join("\n"));
    const digest = createHash("sha256").update(text).digest("hex");
    assert.deepEqual(said(outcome, /saw (.*?) end/g), [[`${digest} 7000 000000`], [`${digest} 7000 007000`]]);
  });

  it("reads its secrets from the file, letter by letter, and k6 hides them in the log", async () => {
    const secrets = { token: ' s=w"o#rd\\fish ', other: "x".repeat(60_000) };
    const source = file("secrets", secretData("shop", secrets, [])[secretsFile]);
    const inline = `import secrets from 'k6/secrets';
      export const options = { vus: 1, iterations: 1 };
      export default async function () {
        const token = await secrets.get('token');
        console.log('codes ' + [...token].map((letter) => letter.charCodeAt(0)).join() + ' end');
        console.log('other ' + (await secrets.get('other')).length + ' end');
        console.log('token ' + token);
      }`;
    const outcome = await run({ script: { inline }, runners: 2, args: [`--secret-source=file=${source}`] });
    const log = outcome.logs.join("\n");
    assert.deepEqual(outcome.exitCodes, [0, 0], log);
    assert.match(log, new RegExp(`codes ${[...secrets.token].map((letter) => letter.charCodeAt(0)).join()} end`));
    assert.match(log, /other 60000 end/);
    assert.match(log, /token \*\*\*SECRET_REDACTED\*\*\*/);
    assert.ok(!log.includes("s=w"));
  });

  it("without a load of its own takes the one beside it, shared by the runners", async () => {
    const inline = "export default function () {}";
    const args = loadArguments({ vus: 3, iterations: 7 });
    const outcome = await run({ script: { inline }, runners: 2, args });
    assert.deepEqual(outcome.exitCodes, [0, 0], outcome.logs.join("\n"));
    assert.deepEqual(
      outcome.totals.map((totals) => totals?.iterations),
      [5, 2],
    );
  });

  it("with scenarios is stopped before any load when another is given beside it", async () => {
    const inline =
      "export const options = { scenarios: { browse: { executor: 'constant-vus', vus: 1, duration: '1s' } } }; export default () => {};";
    const args = [...loadArguments({ vus: 2, duration: "1s" }), "-e", "PULUMI_K6_LOAD=given"];
    const outcome = await run({ script: { inline }, runners: 1, startDeadlineSeconds: 1, args });
    assert.deepEqual(outcome.exitCodes, [107]);
    assert.match(
      exceptionIn(outcome.logs[0].split("\n"), "script.js") ?? "",
      /has scenarios \(browse\), which the load given beside it would replace/,
    );
  });

  it("lies on a volume or in an image, with data beside it", async () => {
    file("there/lib/part.js", "export const part = open('./part.txt');");
    file("there/lib/part.txt", "near");
    file("there/data.txt", "data");
    const imagePath = file(
      "there/shop.js",
      `import { part } from './lib/part.js';
      const data = open('./data.txt');
      export const options = { scenarios: { only: { executor: 'shared-iterations', vus: 1, iterations: 1, exec: 'shop' } } };
      export function shop() { console.log('saw ' + part + ' ' + data + ' end'); }`,
    );
    const outcome = await run({ script: { imagePath }, runners: 1 });
    assert.deepEqual(outcome.exitCodes, [0], outcome.logs.join("\n"));
    assert.deepEqual(said(outcome, /saw (.*?) end/g), [["near data"]]);
    assert.equal(outcome.totals[0]?.iterations, 1);
  });

  it("in an archive runs with setup and teardown once, and tells no totals", async () => {
    const main = file(
      "packed.js",
      `export const options = { vus: 2, iterations: 4 };
      export function setup() { return 'S'; }
      export default function (data) { console.log('ran ' + data); }
      export function teardown() { console.log('teardown'); }`,
    );
    const archive = path.join(folder, "packed.tar");
    await execa(k6, ["archive", "--quiet", "-O", archive, main]);
    const outcome = await run({ script: { path: archive }, runners: 2 });
    assert.deepEqual(outcome.exitCodes, [0, 0], outcome.logs.join("\n"));
    assert.deepEqual(
      said(outcome, /ran (S)/g).map(({ length }) => length),
      [2, 2],
    );
    assert.deepEqual(
      said(outcome, /msg=(teardown)/g).map(({ length }) => length),
      [1, 0],
    );
    assert.deepEqual(outcome.totals, [undefined, undefined]);
    assert.equal(outcome.points.filter(({ metric }) => metric === "iterations").length, 4);
  });
});
