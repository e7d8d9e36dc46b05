import assert from "node:assert/strict";
import { parseCgroupMounts } from "../../../lab/cluster/cgroups";
import { isFrom, processesInside, readySince, stoppedDaemons } from "../../../lab/cluster/health";
import { nextDelayMs } from "../../../lab/cluster/inside/backoff";
import { namespaceAmong } from "../../../lab/cluster/namespace";
import { persistently, until, withPatience } from "../../../lab/cluster/patience";
import { parseStat, parseStatus, type Process } from "../../../lab/cluster/processes";
import { daemonTable, duration } from "../../../lab/cluster/status";
import { toHandDown, unifiedCgroup } from "../../../lab/cluster/unified-cgroup";
import { otherPartsRun } from "../../../lab/cluster/up";

function proc(pid: number, differences: Partial<Process> = {}): Process {
  return {
    pid,
    parent: 1,
    namespacePids: [pid],
    pidNamespace: "pid:[1]",
    command: ["sh"],
    cpuMs: 0,
    memoryMi: 0,
    ...differences,
  };
}

const holder = proc(10, { command: ["unshare", "--net", "--", "sh", "/run/init.sh"] });
const init = proc(11, { parent: 10, pidNamespace: "pid:[2]", namespacePids: [11, 1], command: ["sh", "/run/init.sh"] });
const etcd = proc(15, { parent: 14, pidNamespace: "pid:[2]", namespacePids: [15, 5] });

describe("finding the lab among processes", () => {
  it("takes the holder of the script and its child", () => {
    assert.deepEqual(namespaceAmong([proc(1), holder, init], "pid:[1]", "/run/init.sh"), { holder: 10, init: 11 });
  });

  it("does not take the lab of a container, whose paths are the same", () => {
    assert.equal(namespaceAmong([{ ...holder, pidNamespace: "pid:[9]" }, init], "pid:[1]", "/run/init.sh"), undefined);
  });

  it("finds nothing when the first process is gone", () =>
    assert.equal(namespaceAmong([holder], "pid:[1]", "/run/init.sh"), undefined));

  it("knows the processes inside by the ids they have there", () => {
    const inside = processesInside([proc(1), holder, init, etcd], { holder: 10, init: 11 });
    assert.deepEqual([...inside.keys()], [1, 5]);
  });

  it("believes a daemon to run only if its process is there", () => {
    const states = [
      { name: "etcd", pid: 5, restarts: 0 },
      { name: "proxy", pid: 6, restarts: 0 },
      { name: "netpol", restarts: 3 },
    ];
    assert.deepEqual(
      stoppedDaemons(states, new Map([[5, etcd]])).map(({ name }) => name),
      ["proxy", "netpol"],
    );
  });
});

describe("reading /proc", () => {
  it("finds the ids in every namespace and the memory", () => {
    assert.deepEqual(parseStatus("Name:\tetcd\nPPid:\t14\nNSpid:\t15\t5\nVmRSS:\t  102400 kB\n"), {
      parent: 14,
      namespacePids: [15, 5],
      memoryMi: 100,
    });
  });

  it("is not misled by a program's name", () => {
    assert.deepEqual(parseStat("15 (a ) b) S 14 15 15 0 -1 4194560 1 2 3 4 250 50 0 0 20 0"), { cpuMs: 3000 });
  });

  it("tells v1 hierarchies, which name their controllers, from v2", () => {
    const mounts =
      "cgroup /c/cpu cgroup rw,relatime,cpu,cpuacct 0 0\ncgroup2 /c/unified cgroup2 rw 0 0\ntmpfs /c tmpfs rw 0 0\ncgroup /c/systemd cgroup rw,name=systemd 0 0";
    assert.deepEqual(parseCgroupMounts(mounts), [
      { version: 1, mountPoint: "/c/cpu", controllers: ["cpu", "cpuacct"] },
      { version: 2, mountPoint: "/c/unified", controllers: [] },
      { version: 1, mountPoint: "/c/systemd", controllers: [] },
    ]);
  });
});

describe("controllers to hand down in cgroup v2", () => {
  it("are those that the kubelet needs, the root has, and does not hand down yet", () => {
    const unified = { mountPoint: "/c", available: ["cpu", "memory", "pids", "rdma"], handedDown: ["pids"] };
    assert.deepEqual(toHandDown(unified), ["cpu", "memory"]);
  });

  it("are none where v1 hierarchies hold the controllers", async () => {
    const v1 = { version: 1 as const, mountPoint: "/c/cpu", controllers: ["cpu"] };
    assert.equal(await unifiedCgroup([v1, { version: 2, mountPoint: "/c/unified", controllers: [] }]), undefined);
  });
});

describe("a daemon that ends", () => {
  it("is started again soon, then ever later, up to 5 s", () => {
    const delays = [0, 0, 0, 0, 0, 0, 0].reduce<number[]>((so) => [...so, nextDelayMs(so.at(-1) ?? 0, 100)], []);
    assert.deepEqual(delays, [200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it("is started again soon when it had run well", () => assert.equal(nextDelayMs(5000, 60_000), 200));
});

describe("a node's word", () => {
  const node = (status: string) => ({
    status: { conditions: [{ type: "Ready", status, lastHeartbeatTime: "2026-01-01T00:00:10Z" }] },
  });
  const spoken = Date.parse("2026-01-01T00:00:10Z");

  it("counts when it is ready", () => {
    assert.equal(readySince(node("True")), spoken);
    assert.equal(readySince(node("Unknown")), undefined);
    assert.equal(readySince({}), undefined);
  });

  it("counts only from the kubelet that runs now, to the second", () => {
    assert.equal(isFrom(spoken + 900, spoken), true);
    assert.equal(isFrom(spoken + 1000, spoken), false);
    assert.equal(isFrom(undefined, spoken), false);
  });
});

describe("patience", () => {
  const never = (signal: AbortSignal): Promise<void> => until(() => Promise.resolve(false), signal);

  it("ends when it is so", async () => {
    let asked = 0;
    await withPatience((signal) => until(() => Promise.resolve(++asked === 2), signal), {
      isAlive: () => Promise.resolve(true),
      timeoutMs: 5_000,
      found: () => "",
    });
    assert.equal(asked, 2);
  });

  it("ends early when the lab is gone", async () => {
    const waiting = withPatience(never, { isAlive: () => Promise.resolve(false), timeoutMs: 60_000, found: () => "" });
    await assert.rejects(waiting, { name: "LabGone" });
  });

  it("outlasts failures that go away", async () => {
    let tried = 0;
    const work = (): Promise<string> => (++tried < 3 ? Promise.reject(new Error("refused")) : Promise.resolve("there"));
    assert.equal(await persistently(work, new AbortController().signal), "there");
  });

  it("says in the end how a work failed that never succeeded", async () => {
    const waiting = withPatience((signal) => persistently(() => Promise.reject(new Error("refused")), signal), {
      isAlive: () => Promise.resolve(true),
      timeoutMs: 10,
      found: () => "",
    });
    await assert.rejects(waiting, /not so after 0.01 s: refused/);
  });

  it("ends with what was found", async () => {
    const waiting = withPatience(never, { isAlive: () => Promise.resolve(true), timeoutMs: 10, found: () => ": DNS: silent" });
    await assert.rejects(waiting, /not so after 0.01 s: DNS: silent/);
  });
});

describe("the lab's status", () => {
  it("gives a span of time in its two largest units", () => {
    assert.deepEqual([0, 59_000, 61_000, 7_260_000, 90_000_000].map(duration), ["0s", "59s", "1m1s", "2h1m", "1d1h"]);
  });

  it("shows a daemon by its id on the machine, and one that is gone as such", () => {
    const states = [
      { name: "etcd", pid: 5, since: 0, restarts: 0 },
      { name: "proxy", restarts: 2, lastEnd: "SIGKILL" },
    ];
    const table = daemonTable(states, new Map([[5, { ...etcd, cpuMs: 1500, memoryMi: 90 }]]), 61_000);
    assert.match(table, /etcd +│ 15 +│ 1m1s +│ - +│ 1.5 +│ 90 Mi/);
    assert.match(table, /proxy +│ - +│ - +│ 2 times \(SIGKILL\)/);
  });

  it("says whose lab is in the way and how to end it", () => {
    assert.match(otherPartsRun("/home/a/clone"), /\/home\/a\/clone.*npm run lab -- down/);
    assert.match(otherPartsRun(undefined), /lost its record.*npm run lab -- down/);
  });
});
