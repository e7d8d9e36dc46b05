import assert from "node:assert/strict";
import { Problems } from "../../../../components/errors";
import { checkSecrets, secretData } from "../../../../components/run/script/secrets";

describe("secrets of a script", () => {
  const problemsOf = (secrets: Record<string, unknown>, secretEnv: string[] = [], env = {}) => {
    const problems = new Problems();
    checkSecrets({ secrets, secretEnv, env }, problems);
    return problems.all.map(({ path, reason }) => `${path}: ${reason}`).join("\n");
  };

  it("are one file for k6, and values of their own where they are variables too", () => {
    assert.deepEqual(secretData("shop", { B: " x=y ", a: "1" }, ["a"]), { secrets: "B= x=y \na=1", "env.a": "1" });
  });

  it("that fit are taken, also those that are not known yet", () => assert.equal(problemsOf({ A: "1", "b.c-d": {} }, ["A"]), ""));

  const bad: [string, Parameters<typeof problemsOf>, RegExp][] = [
    ["a name with =", [{ "a=b": "1" }], /^secrets\.a=b: "a=b" cannot name a secret/],
    ["a value in lines", [{ A: "swordfish\n" }], /^secrets\.A: has a line break.*base64/],
    ["an empty value", [{ A: "" }], /^secrets\.A: is empty/],
    ["a value above what k6 reads", [{ A: "x".repeat(65_536) }], /^secrets\.A: has 65538 bytes.*at most 65535/],
    ["a variable that is no secret", [{ A: "1" }, ["B"]], /^secretEnv\.B: there is no secret of this name\. Known: A/],
    ["a variable of an impossible name", [{ "a.b": "1" }, ["a.b"]], /^secretEnv\.a\.b: "a\.b" cannot name a variable/],
    ["a variable that is set already", [{ A: "1" }, ["A"], { A: "2" }], /^secretEnv\.A: env\.A is set too/],
  ];
  for (const [what, given, message] of bad) {
    it(`with ${what} are refused`, () => assert.match(problemsOf(...given), message));
  }

  it("are never told when they are refused", () => {
    assert.doesNotMatch(problemsOf({ A: "sword\nfish" }), /sword/);
    assert.throws(
      () => secretData("shop", { A: "sword\nfish" }, []),
      (error: Error) => {
        assert.match(error.message, /^load test shop: 1 problem\n {2}secrets\.A: has a line break/);
        assert.doesNotMatch(error.message, /sword/);
        return true;
      },
    );
  });
});
