import assert from "node:assert/strict";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { amountOf } from "../../../../components/kube/quantities";
import { roomOf, unscheduledCause } from "../../../../components/run/diagnose/unscheduled";
import { isHopeless } from "../../../../components/run/diagnose/waiting";

const gi = 2 ** 30;

function node(name: string, cpu: string, memory: string, unschedulable = false): V1Node {
  return { metadata: { name }, spec: { unschedulable }, status: { allocatable: { cpu, memory } } };
}

function pod(nodeName: string | undefined, ...requests: Record<string, string>[]): V1Pod {
  const containers = requests.map((one, index) => ({ name: `c${index}`, resources: { requests: one } }));
  return { metadata: { name: "shop-0-x7k4p", namespace: "load" }, spec: { nodeName, containers } };
}

describe("the room on nodes", () => {
  it("is what they have less what the pods on them ask for; nodes that take none have no room", () => {
    const pods = [pod("a", { cpu: "250m", memory: "1Gi" }, { cpu: "1" }), pod("b", { cpu: "1" }), pod(undefined, { cpu: "8" })];
    assert.deepEqual(roomOf([node("a", "4", "8Gi"), node("b", "1930m", "2Gi"), node("c", "64", "64Gi", true)], pods), [
      { node: "a", free: { cpu: 2.75, memory: 7 * gi } },
      { node: "b", free: { cpu: 0.9299999999999999, memory: 2 * gi } },
    ]);
  });

  it("counts every way to write a quantity", () => {
    const counted = ["1", "250m", "1.5Gi", "1e3", "100k", "0.5", "3E", "7u"].map(amountOf);
    assert.deepEqual(counted, [1, 0.25, 1.5 * gi, 1000, 100_000, 0.5, 3e18, 7e-6]);
    assert.ok(Number.isNaN(amountOf("many")));
  });
});

describe("a pod without a node", () => {
  const shop = pod(undefined, { cpu: "2", memory: "4Gi" });
  const room = [
    { node: "a", free: { cpu: 0.5, memory: 8 * gi } },
    { node: "b", free: { cpu: 1.25, memory: 1 * gi } },
  ];
  const cases: [string, string, typeof room | undefined, RegExp][] = [
    [
      "which resource, and how much is missing on the node that has the most of it",
      "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available",
      room,
      /cannot be scheduled: it asks for 2 CPU, and node b has the most left: 1\.25 CPU, so 0\.75 CPU missing\. Lower resources\.cpu or runners/,
    ],
    [
      "both resources",
      "0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.",
      room,
      /it asks for 4096 Mi of memory, which no node that takes it has left\. Lower resources\.cpu, resources\.memory or runners/,
    ],
    [
      "what it asks for, where the room is not known",
      "0/2 nodes are available: 2 Insufficient memory.",
      undefined,
      /no node has the 4096 Mi of memory left that it asks for\. Lower resources\.memory/,
    ],
    [
      "the scheduler's words, where it is no want of room",
      "0/2 nodes are available: 2 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available.",
      room,
      /cannot be scheduled: 0\/2 nodes are available: 2 node\(s\) had untolerated taint\(s\)\. Add a node that takes it/,
    ],
    [
      "a volume that is not there",
      '0/1 nodes are available: persistentvolumeclaim "scripts" not found. not found',
      room,
      /^pod shop-0-x7k4p needs PersistentVolumeClaim scripts, which is not in namespace load\. Create it\.$/,
    ],
  ];
  for (const [what, message, seen, expected] of cases) {
    it(`says ${what}`, () => assert.match(unscheduledCause(shop, message, seen), expected));
  }

  it("is given up where a volume is not there, and waited for where there is no room", () => {
    const waiting = (message: string): V1Pod => ({
      ...shop,
      status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] },
    });
    assert.equal(isHopeless(waiting('persistentvolumeclaim "scripts" not found'), []), true);
    assert.equal(isHopeless(waiting("0/1 nodes are available: 1 Insufficient cpu"), []), false);
  });
});
