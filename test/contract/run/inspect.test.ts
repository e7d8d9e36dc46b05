import assert from "node:assert/strict";
import { Problems } from "../../../components/errors";
import { inspectScript } from "../../../components/run/inspect";
import { readScript, type Script } from "../../../components/run/script";
import { executable } from "../../support/executables";

describe("k6 inspect", () => {
  const given = process.env.K6_PATH;
  beforeEach(() => {
    process.env.K6_PATH = executable("k6");
  });
  afterEach(() => {
    delete process.env.K6_VUS;
    delete process.env.K6_PATH;
    Object.assign(process.env, given === undefined ? {} : { K6_PATH: given });
  });

  const script = (inline: string) => readScript({ inline }, "script", new Problems()) as Script;

  it("says the VUs and the longest duration, computed from the run's variables alone", () => {
    process.env.K6_VUS = "99";
    const text = "export const options = { vus: Number(__ENV.VUS), duration: '20s' }; export default function () {}";
    assert.deepEqual(inspectScript(script(text), { VUS: "7" }), { inspection: { maxVUs: 7, totalDurationSeconds: 50 } });
  });

  it("refuses a script that throws while it is loaded, with the script's own words", () => {
    const result = inspectScript(script("throw new Error('no token'); export default function () {}"), {});
    assert.ok(result !== undefined && "refusal" in result);
    assert.match(result.refusal, /^k6 does not load script script\.js: .*Error: no token/);
  });

  it("has no say on a script that needs an extension", () => {
    assert.equal(inspectScript(script("import x from 'k6/x/nothing'; export default function () { x(); }"), {}), undefined);
  });

  it("has no say where there is no k6", () => {
    process.env.K6_PATH = "/nowhere/k6";
    assert.equal(inspectScript(script("export default function () {}"), {}), undefined);
  });
});
