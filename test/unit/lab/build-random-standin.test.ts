import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { RandomStandin, changedInputs } from "../../../lab/random-standin/provider";
import { plain, secret } from "../../../lab/random-standin/secrets";
import { randomId, randomText, textProblem, type TextInputs } from "../../../lab/random-standin/values";

const urn = (token: string): string => `urn:pulumi:lab::p::pulumi-k6:index:Parent$${token}::name`;
const password = urn("random:index/randomPassword:RandomPassword");
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("randomText", () => {
  const inputs = fc.record(
    {
      length: fc.integer({ min: 1, max: 40 }),
      upper: fc.boolean(),
      lower: fc.boolean(),
      numeric: fc.boolean(),
      special: fc.boolean(),
      minNumeric: fc.integer({ min: 0, max: 5 }),
    },
    { requiredKeys: ["length"] },
  );

  it("has the asked length, the asked minimum and no character of a class that is off", () =>
    fc.assert(
      fc.property(
        inputs.filter((given) => textProblem(given) === undefined),
        (given: TextInputs) => {
          const text = randomText(given);
          const digits = text.replace(/\D/g, "").length;
          return (
            text.length === given.length &&
            digits >= (given.minNumeric ?? 0) &&
            (given.upper !== false || !/[A-Z]/.test(text)) &&
            (given.lower !== false || !/[a-z]/.test(text)) &&
            (given.special !== false || /^[A-Za-z0-9]*$/.test(text))
          );
        },
      ),
    ));

  it("takes the caller's special characters", () =>
    assert.match(randomText({ length: 50, upper: false, lower: false, numeric: false, overrideSpecial: "_-" }), /^[_-]{50}$/));

  it("differs from call to call", () => assert.notEqual(randomText({ length: 20 }), randomText({ length: 20 })));
});

describe("textProblem", () => {
  it("names the numbers that cannot be met", () => {
    assert.match(textProblem({ length: 3, minLower: 2, minUpper: 2 }) ?? "", /length is 3, less than the 4/);
    assert.match(textProblem({ length: 0 }) ?? "", /at least 1, got 0/);
    assert.match(textProblem({ length: 5, upper: false, lower: false, numeric: false, special: false }) ?? "", /all false/);
    assert.equal(textProblem({ length: 8, minSpecial: 8 }), undefined);
  });
});

describe("randomId", () => {
  it("spells the same number in every way, the prefix before each", () => {
    const { id, hex, dec, b64Std, b64Url } = randomId(8, "t-");
    assert.equal(Buffer.from(id, "base64url").toString("hex"), hex.slice(2));
    assert.equal(BigInt(`0x${hex.slice(2)}`), BigInt(dec.slice(2)));
    assert.equal(b64Url, `t-${id}`);
    assert.deepEqual(Buffer.from(b64Std.slice(2), "base64"), Buffer.from(id, "base64url"));
  });
});

describe("the stand-in for the random provider", () => {
  const provider = new RandomStandin();

  it("gives a secret password and keeps secrets among the inputs secret", async () => {
    const keepers = secret({ key: "value" });
    const { outs } = (await provider.create(password, { length: 12, keepers })) as { outs: Record<string, unknown> };
    assert.deepEqual(outs.keepers, keepers);
    assert.notEqual(outs.result, plain(outs.result));
    assert.equal((plain(outs.result) as string).length, 12);
  });

  it("sees no change in its own state with the same inputs", async () => {
    const inputs = { length: 12, keepers: { key: "value" } };
    const { outs } = (await provider.create(password, inputs)) as { outs: Record<string, unknown> };
    assert.deepEqual(await provider.diff("none", password, outs, inputs), { changes: false, replaces: [] });
  });

  it("replaces when an input is changed, added or taken away", () => {
    const state = { length: 12, upper: false, result: "x" };
    assert.deepEqual(changedInputs(["result"], state, { length: 13, special: false }).sort(), ["length", "special", "upper"]);
  });

  it("does not judge inputs that are not known yet", async () =>
    assert.deepEqual(await provider.check(password, {}, { length: unknown }), { inputs: { length: unknown }, failures: [] }));

  it("refuses impossible inputs before anything is created", async () => {
    const { failures } = await provider.check(password, {}, { length: 0 });
    assert.match(failures?.[0].reason ?? "", /at least 1/);
  });

  it("says what it serves when asked for something else", () =>
    assert.throws(
      () => provider.check(urn("random:index/randomPet:RandomPet"), {}, {}),
      /RandomPet; it has RandomPassword, RandomString, RandomId/,
    ));
});
