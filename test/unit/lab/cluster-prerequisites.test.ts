import assert from "node:assert/strict";
import { hostsIn } from "../../../lab/cluster/machine-facts";
import {
  debianPackages,
  type MachineFacts,
  missingPackages,
  prerequisiteMessage,
  prerequisiteProblems,
  requirements,
} from "../../../lab/cluster/prerequisites";

const everything = requirements.map(({ needs }) => needs);
const v1 = ["cpu", "cpuset", "memory", "pids"].map((name) => ({
  version: 1 as const,
  mountPoint: `/cgroup/${name}`,
  controllers: [name],
}));

function machine(differences: Partial<MachineFacts> = {}): MachineFacts {
  return {
    platform: "linux",
    isRoot: true,
    present: everything,
    hasApt: true,
    cgroups: v1,
    unifiedControllers: [],
    missingKernelFeatures: [],
    routes: [
      { destination: "default", link: "eth0" },
      { destination: "192.0.2.0/24", link: "eth0" },
    ],
    registries: [{ name: "packages.example", address: "192.0.2.7" }],
    ...differences,
  };
}

describe("what a machine lacks for a lab", () => {
  it("is nothing on a machine that has all", () => assert.deepEqual(prerequisiteProblems(machine()), []));

  it("is nothing where the missing packages can be installed", () => {
    assert.deepEqual(prerequisiteProblems(machine({ present: [] })), []);
  });

  const table: [string, Partial<MachineFacts>, RegExp][] = [
    ["another system", { platform: "darwin" }, /needs Linux; this is darwin/],
    ["no root", { isRoot: false }, /needs root/],
    [
      "no containerd, and no apt",
      { present: everything.filter((needs) => needs !== "ctr"), hasApt: false },
      /ctr\. To get it: .*containerd/,
    ],
    [
      "no nft, and no root to install it",
      { present: everything.filter((needs) => needs !== "nft"), isRoot: false },
      /apt-get install .*nftables/,
    ],
    [
      "no memory controller",
      { cgroups: v1.filter(({ controllers }) => !controllers.includes("memory")) },
      /cgroup controller memory/,
    ],
    ["a kernel feature", { missingKernelFeatures: ["bridges"] }, /kernel refuses bridges/],
    [
      "the pods' range, routed elsewhere",
      { routes: [{ destination: "198.18.0.0/15", link: "vpn0" }] },
      /198\.18\.16\.0\/20, 198.* are in use .*vpn0 routes 198\.18\.0\.0\/15/,
    ],
    [
      "one address of a range",
      { routes: [{ destination: "198.18.240.9", link: "eth1" }] },
      /addresses 198\.18\.240\.0\/24 are in use/,
    ],
    [
      "a registry inside a range",
      { registries: [{ name: "packages.example", address: "198.18.17.1" }] },
      /hide the package registry packages\.example/,
    ],
  ];
  table.forEach(([lack, differences, expected]) => {
    it(`is told for ${lack}`, () => assert.match(prerequisiteProblems(machine(differences)).join("\n"), expected));
  });

  it("is not the lab's own link", () => {
    assert.deepEqual(prerequisiteProblems(machine({ routes: [{ destination: "198.18.240.0/24", link: "pulumi-k6-lab" }] })), []);
  });

  it("counts controllers of cgroup v2 too", () => {
    const unified = { version: 2 as const, mountPoint: "/cgroup", controllers: [] };
    assert.deepEqual(
      prerequisiteProblems(machine({ cgroups: [unified], unifiedControllers: ["cpu", "cpuset", "memory", "pids"] })),
      [],
    );
  });

  it("is told all at once, with the way around", () => {
    const message = prerequisiteMessage(prerequisiteProblems(machine({ isRoot: false, missingKernelFeatures: ["bridges"] })));
    assert.match(message, /needs root[^]*refuses bridges[^]*STACK=dev/);
  });
});

describe("packages to install", () => {
  it("are only those of programs that are missing, so that another containerd stays", () => {
    assert.deepEqual(missingPackages(everything.filter((needs) => needs !== "nft")), ["nftables"]);
  });

  it("are named once each", () => assert.equal(new Set(debianPackages).size, debianPackages.length));
});

describe("hosts of registries", () => {
  it("are found in lists, settings and apt's sources, without ports and users, but not in comments", () => {
    const text =
      "https://a.example/x,direct\nhttp://user:secret@b.example:8080/\n# deb http://no.example/ x\ndeb [arch=amd64] http://a.example/debian x";
    assert.deepEqual(hostsIn(text), ["a.example", "b.example"]);
  });
});
