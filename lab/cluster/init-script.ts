import { addresses, links } from "./addresses";
import type { Layout } from "./layout";

/** Folders of the machine that the lab hides behind its own; made where they are missing, and removed by `down`. */
export const mountPoints = {
  /** Kept in memory: what must be gone when the lab's processes are. */
  memory: ["/run/netns", "/run/containerd", "/var/lib/cni", "/var/log/containers"],
  /** Kept on disk, in the folder of this name under the lab's run folder. */
  disk: { "/var/lib/containerd": "containerd", "/var/lib/kubelet": "kubelet", "/var/log/pods": "pod-logs" },
} as const;

/** Every folder of the machine that the lab mounts over. */
export const allMountPoints: readonly string[] = [...mountPoints.memory, ...Object.keys(mountPoints.disk)];

/** Line that the first process writes once its namespace is ready to be connected. */
export const readyLine = "ready";

/** What the first process waits for before it starts the daemons. */
export const connectedLine = "connected";

/**
 * The lab's first process, as a shell script: it makes the namespace, says so, waits to be connected to the machine, and from then on
 * starts the supervisor whenever it is not running. A shell because as process 1 it also buries the orphans of the containers.
 */
export function renderInitScript(layout: Layout, node: string, supervisor: string): string {
  const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
  return [
    "set -e",
    "mount --make-rshared /",
    ...mountPoints.memory.map((path) => `mount -t tmpfs -o mode=755 lab ${path}`),
    ...Object.entries(mountPoints.disk).map(([path, folder]) => `mount --bind ${quoted(`${layout.run}/${folder}`)} ${path}`),
    "mount --make-rshared /run/netns",
    'sysctl() { printf %s "$2" > /proc/sys/$1; }',
    "sysctl net/ipv6/conf/all/disable_ipv6 1",
    "sysctl net/ipv6/conf/default/disable_ipv6 1",
    "sysctl net/ipv4/ip_forward 1",
    // Without these two, packets between pods of one bridge pass the policies by.
    "sysctl net/bridge/bridge-nf-call-iptables 1",
    "sysctl net/bridge/bridge-nf-call-ip6tables 1",
    "ip link set lo up",
    `ip address add ${addresses.node}/32 dev lo`,
    // A locally made connection to a Service needs a route before its address is rewritten.
    `ip route add ${addresses.services} dev lo src ${addresses.node}`,
    `nft -f ${quoted(`${layout.config}/firewall.nft`)}`,
    `echo ${readyLine}`,
    "read -r answer",
    `[ "$answer" = ${connectedLine} ]`,
    `ip address add ${addresses.lab}/30 dev ${links.lab}`,
    `ip link set ${links.lab} up`,
    "exec < /dev/null > /dev/null",
    "set +e",
    "while :; do",
    `  ${quoted(node)} ${quoted(supervisor)} ${quoted(layout.run)}`,
    "  sleep 1",
    "done",
    "",
  ].join("\n");
}
