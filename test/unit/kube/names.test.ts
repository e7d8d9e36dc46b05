import assert from "node:assert/strict";
import fc from "fast-check";
import { maxRunners, runName, testNameProblem } from "../../../components/kube/names";

describe("names", () => {
  const digest = "3f9a1c2e".repeat(8);

  it("are the test and eight digits of the digest", () => assert.equal(runName("checkout", digest), "checkout-3f9a1c2e"));

  it("leave room for the host name of the last runner", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."abz09-"), minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(letters, (test) => {
        const fits = testNameProblem(test) === undefined;
        const host = `${runName(test, digest)}-${maxRunners - 1}`;
        return !fits || (host.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(host));
      }),
    );
  });

  it("may have 50 characters and not 51", () => {
    assert.equal(testNameProblem("a".repeat(50)), undefined);
    assert.match(testNameProblem("a".repeat(51)) ?? "", /has 51 characters, at most 50 fit/);
  });

  for (const name of ["", "Checkout", "1st", "a_b", "a-", "-a", "a.b"]) {
    it(`cannot be "${name}"`, () => assert.match(testNameProblem(name) ?? "", /lower-case letters, digits and "-"/));
  }
});
