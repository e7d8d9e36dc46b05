import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Cluster } from "../../../components/kube/cluster";
import { addresses } from "../../../lab/cluster/addresses";
import { applyManifests } from "../../../lab/cluster/apply";
import { labDown, labUp } from "../../../lab/cluster/commands";
import { checkHealth, daemonStates, processesInside } from "../../../lab/cluster/health";
import { findNamespace, type Namespace } from "../../../lab/cluster/namespace";
import { listProcesses, type Process } from "../../../lab/cluster/processes";
import { currentLayout } from "../../../lab/cluster/record";
import { labEnvironment } from "../../../lab/env";
import { namespace, policies, workload } from "./cluster-objects";
import { type HostSnapshot, hostSnapshot } from "./host-snapshot";

const layout = currentLayout();
const quiet = (): void => undefined;
const kubectl = (...args: string[]) => execa("kubectl", args, { env: labEnvironment(), reject: false, timeout: 60_000 });
const fetchFrom = (pod: string, url: string) =>
  kubectl("-n", namespace, "exec", pod, "--", "timeout", "3", "wget", "-q", "-O", "-", url);

async function running(): Promise<Namespace> {
  const found = await findNamespace(layout);
  assert.ok(found, "the lab's processes are there");
  return found;
}

async function inside(): Promise<Map<number, Process>> {
  return processesInside(await listProcesses(), await running());
}

async function assertHealthy(): Promise<void> {
  const checks = await checkHealth(layout, Cluster.connect({ kubeconfig: layout.adminKubeconfig }), await running());
  assert.deepEqual(
    checks.filter(({ isWell }) => !isWell),
    [],
  );
}

async function healsAfterKilling(processes: readonly Process[]): Promise<void> {
  assert.ok(processes.length > 0, "there is something to kill");
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It went with one that was killed before it.
    }
  }
  await labUp(layout, quiet);
  await assertHealthy();
}

describe("the lab's cluster", function () {
  this.timeout(120_000);
  let untouched: HostSnapshot;
  let wasUp: boolean;

  before(async () => {
    wasUp = (await findNamespace(layout)) !== undefined;
    await labDown(layout, quiet);
    untouched = await hostSnapshot();
    await labUp(layout, quiet);
  });

  after(async () => {
    if (wasUp) {
      await labUp(layout, quiet);
    }
  });

  it("is empty and ready after up", async () => {
    await assertHealthy();
    const { stdout } = await kubectl("get", "pods", "-A", "-o", "jsonpath={.items[*].metadata.namespace}");
    assert.equal(stdout, "kube-system");
  });

  it("is up again within 3 s when it was up", async () => {
    const started = Date.now();
    await execa("npm", ["run", "lab", "--", "up"]);
    assert.ok(Date.now() - started <= 3_000, `it took ${Date.now() - started} ms`);
  });

  it("runs pods that find each other by name", async () => {
    await applyManifests(Cluster.connect({ kubeconfig: layout.adminKubeconfig }), workload.slice(0, 1));
    await applyManifests(Cluster.connect({ kubeconfig: layout.adminKubeconfig }), workload.slice(1));
    const waited = await kubectl("-n", namespace, "wait", "pod", "--all", "--for=condition=Ready", "--timeout=40s");
    assert.equal(waited.exitCode, 0, waited.stderr);
    const answer = await fetchFrom("client", "http://server/");
    assert.equal(answer.exitCode, 0, answer.stderr);
  });

  it("refuses at once what would leave the machine, and Services that are not there", async () => {
    for (const address of ["198.51.100.1", addresses.machine, addresses.dns.replace(/10$/, "99")]) {
      const started = Date.now();
      const answer = await fetchFrom("stranger", `http://${address}/`);
      assert.match(answer.stderr, /can't connect/, address);
      assert.ok(Date.now() - started < 2_500, `${address} was refused only after ${Date.now() - started} ms`);
    }
  });

  it("lets a pod that is not root write to its volume", async () => {
    const written = await kubectl(
      "-n",
      namespace,
      "exec",
      "client",
      "--",
      "sh",
      "-c",
      "echo kept > /data/file && cat /data/file",
    );
    assert.equal(written.stdout, "kept", written.stderr);
  });

  it("enforces network policies, and opens what they allow", async () => {
    assert.equal((await fetchFrom("stranger", "http://server/")).exitCode, 0);
    await applyManifests(Cluster.connect({ kubeconfig: layout.adminKubeconfig }), policies);
    await sleep(1_000);
    assert.notEqual((await fetchFrom("stranger", "http://server/")).exitCode, 0);
    assert.equal((await fetchFrom("client", "http://server/")).exitCode, 0);
  });

  it("gives a volume back to the pool, empty, when its claim is gone", async () => {
    const { stdout: volume } = await kubectl("-n", namespace, "get", "pvc", "data", "-o", "jsonpath={.spec.volumeName}");
    await kubectl("delete", "namespace", namespace);
    const freed = await kubectl("wait", `pv/${volume}`, "--for=jsonpath={.status.phase}=Available", "--timeout=20s");
    assert.equal(freed.exitCode, 0, freed.stderr);
    const { stdout } = await execa("find", [`${layout.volumes}/${volume}`]);
    assert.equal(stdout, `${layout.volumes}/${volume}`);
  });

  it("heals after any one daemon was killed", async () => {
    for (const { name } of await daemonStates(layout)) {
      // Asked anew each time: some end and start again when another is gone.
      const pid = (await daemonStates(layout)).find((daemon) => daemon.name === name)?.pid;
      const process = (await inside()).get(pid ?? 0);
      assert.ok(process, `${name} runs`);
      await healsAfterKilling([process]);
    }
  });

  it("heals after its supervisor was killed", async () => {
    const all = [...(await inside()).values()];
    await healsAfterKilling(all.filter(({ command }) => command.some((word) => word.endsWith("supervisor.cjs"))));
  });

  it("heals after its first process was killed", async () => {
    const { init } = await running();
    await healsAfterKilling([...(await inside()).values()].filter(({ pid }) => pid === init));
  });

  it("heals after everything was killed, and keeps what was in it", async () => {
    await kubectl("create", "configmap", "kept");
    await healsAfterKilling([...(await inside()).values()]);
    assert.equal((await kubectl("get", "configmap", "kept")).exitCode, 0);
  });

  it("leaves the machine as it was after down", async () => {
    await labDown(layout, quiet);
    assert.deepEqual(await hostSnapshot(), untouched);
  });
});
