import assert from "node:assert/strict";
import fc from "fast-check";
import { cidrProblem } from "../../../components/network/cidr";

describe("an address range of a target", () => {
  for (const cidr of ["198.51.100.0/24", "198.51.100.7/32", "10.0.0.0/8", "2001:db8::/64", "2001:db8::1/128"]) {
    it(`may be ${cidr}`, () => assert.equal(cidrProblem(cidr), undefined));
  }

  const refused: [string, RegExp][] = [
    ["198.51.100.7", /Did you mean "198.51.100.7\/32"/],
    ["2001:db8::1", /Did you mean "2001:db8::1\/128"/],
    ["198.51.100.7/24", /Did you mean "198.51.100.0\/24", or the single address "198.51.100.7\/32"/],
    ["2001:db8::1/64", /Did you mean "2001:db8::\/64"/],
    ["0.0.0.0/0", /whole internet/],
    ["::/0", /whole internet/],
    ["999.1.1.1/24", /is not a CIDR/],
    ["10.1/16", /is not a CIDR/],
    ["10.0.0.0/33", /mask of 0 to 32/],
    ["shop.example.com", /is not an address range/],
    ["10", /is not an address range/],
    ["", /is not an address range/],
  ];
  for (const [cidr, reason] of refused) {
    it(`may not be "${cidr}"`, () => assert.match(cidrProblem(cidr) ?? "", reason));
  }

  it("is taken exactly when no bit behind the mask is set", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 32 }), (address, mask) => {
        const dotted = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
        const clean = address % 2 ** (32 - mask) === 0;
        assert.equal(cidrProblem(`${dotted}/${mask}`) === undefined, clean);
      }),
    );
  });
});
