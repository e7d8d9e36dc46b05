import assert from "node:assert/strict";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { execa } from "execa";
import type { Cluster } from "../../components/kube/cluster";
import { runnerLabels } from "../../components/kube/labels";
import { addresses, apiPort } from "../../lab/cluster/addresses";
import { labEnvironment } from "../../lab/env";
import { kubectl } from "./support/objects";
import { namespace } from "./support/settings";
import { freshLoadTest, labCluster, sharedStack } from "./support/shared";

const outside = "load-tests-outside";
// The kubelet's own port, on every node.
const kubeletPort = 10250;
// CoreDNS answers here whether it is ready.
const dnsReadyPort = 8181;

/** A way through the network: it is open when a TCP connection comes about. */
type Way = [what: string, host: string, port: number];

describe("the network of a runner in the lab", function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let addressOf: Record<string, string>;

  before(async () => {
    const stack = await sharedStack();
    const { runs } = await stack.state();
    if (runs.length === 0) {
      await stack.up({ shop: await freshLoadTest(stack) });
    }
    cluster = labCluster();
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await cluster.core.createNamespace({ body: { metadata: { name: outside, labels } } });
    await Promise.all([
      make(namespace, "probe", [idle]),
      make(namespace, "peer", [k6, web]),
      make(outside, "stranger", [idle, web]),
    ]);
    await kubectl("wait", "pod", "probe", "peer", "-n", namespace, "--for=condition=Ready", "--timeout=30s");
    await kubectl("wait", "pod", "stranger", "-n", outside, "--for=condition=Ready", "--timeout=30s");
    addressOf = {
      peer: await podIp(namespace, "name=peer"),
      stranger: await podIp(outside, "name=stranger"),
      target: await podIp("demo", "app.kubernetes.io/name=target"),
      dns: await podIp("kube-system", "k8s-app=kube-dns"),
      store: await podIp(namespace, "pulumi-k6/role=store"),
      gateway: await podIp(namespace, "pulumi-k6/role=gateway"),
    };
  });

  after(async () => {
    await Promise.all(
      ["probe", "peer"].map((name) => cluster.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 })),
    );
    await kubectl("delete", "namespace", outside);
  });

  it("opens to the target, the gateway, names and peers", async () => {
    const ways: Way[] = [
      ["target by name", "target.demo.svc", 8080],
      ["target's pod", addressOf["target"], 8080],
      ["gateway by name", `gateway.${namespace}.svc`, 8186],
      ["DNS", addresses.dns, 53],
      ["API of a peer", addressOf["peer"], 6565],
    ];
    assert.deepEqual(await openFrom(namespace, "probe", ways), names(ways));
  });

  it("is closed to all else that a pod without policies reaches", async () => {
    const ways: Way[] = [
      ["API server by its Service", addresses.apiService, 443],
      ["API server on the node", addresses.node, apiPort],
      ["kubelet", addresses.node, kubeletPort],
      ["pod of another namespace", addressOf["stranger"], 8080],
      ["DNS server on another port", addressOf["dns"], dnsReadyPort],
    ];
    assert.deepEqual(await openFrom(outside, "stranger", ways), names(ways), "without policies every way is open");
    assert.deepEqual(await openFrom(namespace, "probe", ways), []);
  });

  it("is closed to the store, which the gateway alone reaches", async () => {
    assert.deepEqual(await openFrom(namespace, "probe", [["store", addressOf["store"], 8086]]), []);
  });

  it("is closed to a peer on another port, which is open in the peer itself", async () => {
    assert.deepEqual(await openFrom(namespace, "peer", [["other port", "127.0.0.1", 8080]]), ["other port"]);
    assert.deepEqual(await openFrom(namespace, "probe", [["other port", addressOf["peer"], 8080]]), []);
  });

  it("is closed to what is not in the cluster", async () => {
    const ways: Way[] = [
      ["internet", "198.51.100.1", 443],
      ["machine", addresses.machine, 22],
    ];
    assert.deepEqual(await openFrom(namespace, "probe", ways), []);
  });

  it("lets nobody in from outside, to runners, gateway or store", async () => {
    const ways: Way[] = [
      ["API of a runner", addressOf["peer"], 6565],
      ["store", addressOf["store"], 8086],
      ["gateway", addressOf["gateway"], 8186],
    ];
    assert.deepEqual(await openFrom(outside, "stranger", ways), []);
  });

  async function make(where: string, name: string, containers: V1Container[]): Promise<void> {
    const labels = { ...(where === namespace ? runnerLabels("shop", "probe") : {}), name };
    const security = { runAsNonRoot: true, runAsUser: 12345, seccompProfile: { type: "RuntimeDefault" } };
    const spec = { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, securityContext: security, containers };
    const body: V1Pod = { metadata: { name, labels }, spec };
    await cluster.core.createNamespacedPod({ namespace: where, body });
  }

  async function podIp(where: string, labelSelector: string): Promise<string> {
    const { items } = await cluster.core.listNamespacedPod({ namespace: where, labelSelector });
    const ip = items[0]?.status?.podIP;
    assert.ok(ip !== undefined, `${where} has a pod with ${labelSelector}`);
    return ip;
  }
});

/** Names of the ways that are open from a pod. */
async function openFrom(where: string, pod: string, ways: readonly Way[]): Promise<string[]> {
  const tried = await Promise.all(
    ways.map(async ([what, host, port]) => {
      const connect = ["timeout", "5", "nc", "-w", "2", host, String(port), "-e", "true"];
      const { exitCode } = await execa("kubectl", ["-n", where, "exec", pod, "-c", "first", "--", ...connect], {
        env: labEnvironment(),
        reject: false,
      });
      return exitCode === 0 ? [what] : [];
    }),
  );
  return tried.flat();
}

function names(ways: readonly Way[]): string[] {
  return ways.map(([what]) => what);
}

function container(name: string, image: string, command?: string[], port?: number): V1Container {
  return {
    name,
    image,
    command,
    imagePullPolicy: "IfNotPresent",
    resources: { limits: { cpu: "100m", memory: "64Mi" }, requests: { cpu: "20m", memory: "64Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    ...(port === undefined ? {} : { readinessProbe: { tcpSocket: { port }, periodSeconds: 1 } }),
  };
}

const idle = container("first", "lab.local/k6:1.1.0", ["sleep", "600"]);
const k6 = container(
  "first",
  "lab.local/k6:1.1.0",
  ["sh", "-c", "echo 'export default () => {}' | k6 run --paused --address 0.0.0.0:6565 -"],
  6565,
);
const web = container("second", "lab.local/target:1", undefined, 8080);
