import { Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "../../components/kube/cluster";
import { addresses, clusterDomain, nodeName } from "./addresses";
import { get } from "./api";
import { storedImages } from "./images";
import type { DaemonState } from "./inside/state";
import type { Layout } from "./layout";
import { type Namespace, runInside } from "./namespace";
import { listProcesses, type Process } from "./processes";

/** One thing that a healthy lab does. */
export interface Check {
  name: string;
  isWell: boolean;
  /** What was found instead. */
  found?: string;
}

// The kubelet renews its lease every 10 s; twice that means that it is stuck.
const leaseFreshMs = 20_000;

/** What the supervisor last wrote about the daemons. */
export async function daemonStates({ run }: Layout): Promise<DaemonState[]> {
  const text = await readFile(join(run, "daemons.state.json"), "utf8").catch(() => "[]");
  return JSON.parse(text) as DaemonState[];
}

/** Whether the API server is ready to serve. */
export async function isApiReady(cluster: Cluster): Promise<boolean> {
  return await get(cluster, "/readyz").then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Whether the name server answers through its Service: pods, proxy and network all have part in that. */
export async function isDnsAnswering(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([addresses.dns]);
  return await resolver.resolve4(`kubernetes.default.svc.${clusterDomain}`).then(
    ([first]) => first === addresses.apiService,
    () => false,
  );
}

/** Whether the policies' enforcer has put its table in force. */
export async function arePoliciesEnforced(namespace: Namespace): Promise<boolean> {
  return await runInside(namespace, "nft", ["list", "table", "inet", "pulumi_k6_lab"]).then(
    () => true,
    () => false,
  );
}

/** What we use of a node. */
export interface NodeView {
  status?: { conditions?: { type: string; status: string; lastHeartbeatTime?: string }[] };
}

/** When a node that is ready last said so, in ms since the epoch. @default it is not ready */
export function readySince({ status }: NodeView): number | undefined {
  const ready = status?.conditions?.find((condition) => condition.type === "Ready" && condition.status === "True");
  return ready?.lastHeartbeatTime === undefined ? undefined : Date.parse(ready.lastHeartbeatTime);
}

/** Whether a node's word comes from the kubelet that runs now: an old one's outlives it by minutes. Words are dated to the second. */
export function isFrom(kubeletSince: number | undefined, spokenAt: number | undefined): boolean {
  return kubeletSince !== undefined && spokenAt !== undefined && spokenAt >= Math.floor(kubeletSince / 1000) * 1000;
}

async function nodeProblem(cluster: Cluster, kubeletSince: number | undefined): Promise<string | undefined> {
  const [node, lease] = await Promise.all([get(cluster, `/api/v1/nodes/${nodeName}`), get(cluster, leasePath)]);
  const ready = readySince(JSON.parse(node.body) as NodeView);
  if (ready === undefined) {
    return "it is not ready";
  }
  // The first lease of a new node comes ten seconds after it is ready.
  const renewed = Date.parse((JSON.parse(lease.body) as { spec?: { renewTime?: string } }).spec?.renewTime ?? "") || 0;
  const spoke = Math.max(ready, renewed);
  const ageMs = Date.now() - spoke;
  return isFrom(kubeletSince, spoke) && ageMs < leaseFreshMs
    ? undefined
    : `it last said that it is ready ${Math.round(ageMs / 1000)} s ago`;
}

const leasePath = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}`;

/** The lab's own processes among the machine's, by their id inside. */
export function processesInside(processes: readonly Process[], { init }: Namespace): Map<number, Process> {
  const inside = processes.find(({ pid }) => pid === init)?.pidNamespace;
  return new Map(processes.filter((each) => each.pidNamespace === inside).map((each) => [each.namespacePids.at(-1) ?? 0, each]));
}

/** Daemons that do not run, whatever the supervisor last wrote: it may be gone itself. */
export function stoppedDaemons(states: readonly DaemonState[], inside: ReadonlyMap<number, Process>): DaemonState[] {
  return states.filter(({ pid }) => pid === undefined || !inside.has(pid));
}

/**
 * Looks at everything a healthy lab does, all at once.
 *
 * @param images references that it must hold
 */
export async function checkHealth(
  layout: Layout,
  cluster: Cluster,
  namespace: Namespace,
  images: readonly string[] = [],
): Promise<Check[]> {
  const daemons = await daemonStates(layout);
  const kubelet = daemons.find(({ name }) => name === "kubelet");
  const [processes, api, node, stored, dns, policies] = await Promise.all([
    listProcesses(),
    isApiReady(cluster),
    nodeProblem(cluster, kubelet?.since).catch(() => "the API server does not tell"),
    storedImages(namespace).catch(() => undefined),
    isDnsAnswering(),
    arePoliciesEnforced(namespace),
  ]);
  const stopped = stoppedDaemons(daemons, processesInside(processes, namespace));
  const missing = images.filter((reference) => !stored?.includes(reference));
  return [
    {
      name: "daemons",
      isWell: daemons.length > 0 && stopped.length === 0,
      found: stopped.map(({ name, lastEnd }) => `${name} is not running (${lastEnd ?? "killed"})`).join(", "),
    },
    { name: "API server", isWell: api, found: "it is not ready" },
    { name: "node", isWell: node === undefined, found: node },
    {
      name: "containers",
      isWell: stored !== undefined && missing.length === 0,
      found: stored === undefined ? "containerd does not answer" : `no image ${missing.join(", ")}`,
    },
    { name: "DNS", isWell: dns, found: "it does not answer" },
    { name: "network policies", isWell: policies, found: "their enforcer has not applied them" },
  ];
}
