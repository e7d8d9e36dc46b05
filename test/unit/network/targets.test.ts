import assert from "node:assert/strict";
import { Problems } from "../../../components/errors";
import type { Target } from "../../../components/network/targets";
import { checkTargets, egressRules } from "../../../components/network/targets";

function problemsOf(...targets: Target[]) {
  const problems = new Problems();
  checkTargets(targets, "loadTests.shop.targets", problems);
  return problems.all;
}

describe("targets", () => {
  it("are fine with ranges, or with pods of a namespace", () => {
    assert.deepEqual(problemsOf({ cidrs: ["198.51.100.0/24"], ports: [443] }, { namespace: "shop", ports: [8080] }), []);
  });

  const refused: [string, Target, string, RegExp][] = [
    ["without any address", { ports: [443] }, "loadTests.shop.targets[0]", /names no address/],
    ["without ranges in the list", { cidrs: [], ports: [443] }, "loadTests.shop.targets[0].cidrs", /opens nothing/],
    ["with a range that cannot be", { cidrs: ["10.0.0.0/8", "x"], ports: [443] }, "loadTests.shop.targets[0].cidrs[1]", /"x"/],
    ["selecting every pod", { podLabels: {}, ports: [443] }, "loadTests.shop.targets[0].podLabels", /is empty/],
    ["on every port", { namespace: "shop", ports: [] }, "loadTests.shop.targets[0].ports", /would open every port/],
    [
      "on no real port",
      { namespace: "shop", ports: [443, 70000] },
      "loadTests.shop.targets[0].ports[1]",
      /70000 is not a TCP port/,
    ],
    ["on half a port", { namespace: "shop", ports: [80.5] }, "loadTests.shop.targets[0].ports[0]", /80.5 is not a TCP port/],
  ];
  for (const [what, target, path, reason] of refused) {
    it(`are refused ${what}`, () => {
      const [problem, ...others] = problemsOf(target);
      assert.equal(problem?.path, path);
      assert.match(problem.reason, reason);
      assert.deepEqual(others, []);
    });
  }

  it("tell all problems at once", () => assert.equal(problemsOf({ cidrs: ["x", "y"], ports: [0] }, { ports: [] }).length, 5));
});

describe("the egress rules of targets", () => {
  it("keep each target's ports to its own addresses", () => {
    assert.deepEqual(
      egressRules([
        { cidrs: ["198.51.100.0/24", "2001:db8::/64"], ports: [443] },
        { namespace: "shop", podLabels: { app: "api" }, ports: [8080, 8081] },
      ]),
      [
        {
          to: [{ ipBlock: { cidr: "198.51.100.0/24" } }, { ipBlock: { cidr: "2001:db8::/64" } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
              podSelector: { matchLabels: { app: "api" } },
            },
          ],
          ports: [
            { protocol: "TCP", port: 8080 },
            { protocol: "TCP", port: 8081 },
          ],
        },
      ],
    );
  });

  it("select pods of the runners' own namespace where none is named", () => {
    assert.deepEqual(egressRules([{ podLabels: { app: "api" }, ports: [80] }])[0]?.to, [
      { podSelector: { matchLabels: { app: "api" } } },
    ]);
  });
});
