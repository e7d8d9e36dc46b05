import { instance } from "./instance";

const { name, slot } = instance;
const third = { pods: 16 + 16 * slot, services: 240 + slot };

/**
 * The lab's addresses, from RFC 2544's benchmarking range 198.18.0.0/15: no private network uses it, and the documentation
 * ranges, which look as free, are where some build machines find their package registries.
 */
export const addresses = {
  /** Pods, handed out by the CNI plugin. */
  pods: `198.18.${third.pods}.0/20`,
  /** Services of the cluster. */
  services: `198.18.${third.services}.0/24`,
  /** The API server's own Service: always the first address of the range. */
  apiService: `198.18.${third.services}.1`,
  /** The DNS Service. */
  dns: `198.18.${third.services}.10`,
  /** The node, on its namespace's loopback link. */
  node: `198.18.254.${1 + slot}`,
  /** The veth pair between the machine and the lab. */
  link: `198.18.252.${4 * slot}/30`,
  /** The machine's end of the veth pair. */
  machine: `198.18.252.${4 * slot + 1}`,
  /** The lab's end of the veth pair. */
  lab: `198.18.252.${4 * slot + 2}`,
} as const;

/** Every range that must be free on the machine. */
export const labRanges: readonly string[] = [addresses.pods, addresses.services, `${addresses.node}/32`, addresses.link];

/** Port of the API server on the node's address. */
export const apiPort = 6443;

/** Where the API server answers, from the machine and from inside alike. */
export const apiUrl = `https://${addresses.node}:${apiPort}`;

/** Names of the two ends of the veth pair; a link's name has 15 characters at most. */
export const links = { machine: `pulumi-k6-${name}`, lab: "machine" } as const;

/** Domain of the cluster's names. */
export const clusterDomain = "cluster.local";

/** Name of the one node. */
export const nodeName = "lab";

/** Root cgroup of the lab's pods, so that no other kubelet on the machine takes them for its own. */
export const cgroupRoot = `/pulumi-k6-${name}`;
