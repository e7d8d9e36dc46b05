import assert from "node:assert/strict";
import { archiveArgs, argvOf, isAcceptable } from "../../simulator/arguments";

describe("the argument list of a TestRun", () => {
  it("is spec.args byte for byte, whatever spec.arguments says", () =>
    assert.deepEqual(argvOf({ args: ["--tag", "a=b  c; d"], arguments: "--vus 3" }), ["--tag", "a=b  c; d"]));

  it("is spec.arguments cut at white space, quotes and all", () =>
    assert.deepEqual(argvOf({ args: [], arguments: " --env 'MSG=a b'  -q" }), ["--env", "'MSG=a", "b'", "-q"]));

  const cases: [string, string[], boolean][] = [
    ["nothing", [], true],
    ["flags with values", ["--vus", "3", "--tag", "a=b"], true],
    ["an empty value after a flag", ["--user-agent", "", "--vus", "3"], true],
    ["a stray word after a flag, taken for its value", ["--vus", "3", "stray"], true],
    ["a positional first", ["stray", "--vus", "3"], false],
    ["an empty text after a value", ["--vus", "3", ""], false],
  ];
  for (const [what, argv, accepted] of cases) {
    it(`${accepted ? "accepts" : "refuses"} ${what}`, () => assert.equal(isAcceptable(argv), accepted));
  }

  it("keeps from k6 archive what it does not know, and nothing else", () =>
    assert.deepEqual(
      archiveArgs([
        "--tag",
        "a=b",
        "--out",
        "json=x",
        "-v",
        "--log-output=stdout",
        "--no-usage-report",
        "--vus",
        "3",
        "--user-agent",
        "",
      ]),
      ["--tag", "a=b", "--vus", "3"],
    ));

  it("lets through the forms on which the initializer then fails", () =>
    assert.deepEqual(archiveArgs(["--out=json=x", "--no-usage-report=true"]), ["--out=json=x", "--no-usage-report=true"]));
});
