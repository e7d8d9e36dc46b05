import { join } from "node:path";
import ipaddr from "ipaddr.js";
import { labRanges, links } from "./addresses";
import type { CgroupHierarchy } from "./cgroups";
import { cniPlugins } from "./containerd-config";

/** What we need to know of a machine to say whether a lab can run on it. */
export interface MachineFacts {
  platform: NodeJS.Platform;
  isRoot: boolean;
  /** Programs and plugins that are there, by path or name, of those in `requirements`. */
  present: readonly string[];
  hasApt: boolean;
  cgroups: readonly CgroupHierarchy[];
  /** Controllers of the v2 hierarchy. */
  unifiedControllers: readonly string[];
  /** What the kernel refused of `kernelFeatures`; tried out, not guessed. */
  missingKernelFeatures: readonly string[];
  /** Routes of the machine: destination and link. */
  routes: readonly { destination: string; link: string }[];
  /** Addresses of package registries, with the registry's name. */
  registries: readonly { name: string; address: string }[];
}

/** What the lab runs that a machine may lack, and the Debian package that has it. */
export const requirements = [
  { needs: "containerd", package: "containerd" },
  { needs: "ctr", package: "containerd" },
  { needs: "runc", package: "runc" },
  { needs: join(cniPlugins, "bridge"), package: "containernetworking-plugins" },
  { needs: join(cniPlugins, "host-local"), package: "containernetworking-plugins" },
  { needs: join(cniPlugins, "portmap"), package: "containernetworking-plugins" },
  { needs: "nft", package: "nftables" },
  { needs: "iptables", package: "iptables" },
  { needs: "ip", package: "iproute2" },
  { needs: "mount", package: "mount" },
  { needs: "unshare", package: "util-linux" },
  { needs: "nsenter", package: "util-linux" },
  { needs: "setpriv", package: "util-linux" },
  // InfluxDB is built with C.
  { needs: "gcc", package: "build-essential" },
] as const;

/** The Debian packages that the lab runs on. */
export const debianPackages: readonly string[] = [...new Set(requirements.map((requirement) => requirement.package))];

/** Packages to install so that nothing of `requirements` is missing; only these, so that another containerd is never replaced. */
export function missingPackages(present: readonly string[]): string[] {
  return [...new Set(requirements.filter(({ needs }) => !present.includes(needs)).map((requirement) => requirement.package))];
}

// Those that the kubelet demands of a cgroup.
const neededControllers = ["cpu", "cpuset", "memory", "pids"];

/** Everything that keeps a lab from running on a machine, each as a sentence with what to do. */
export function prerequisiteProblems(facts: MachineFacts): string[] {
  if (facts.platform !== "linux") {
    return [`The lab needs Linux; this is ${facts.platform}. Run it on a Linux machine.`];
  }
  return [
    ...(facts.isRoot ? [] : ["The lab needs root, to make namespaces, networks and cgroups. Run the command as root."]),
    ...packageProblems(facts),
    ...cgroupProblems(facts),
    ...facts.missingKernelFeatures.map(
      (feature) => `The kernel refuses ${feature}. Load its module or use a kernel that has it.`,
    ),
    ...addressProblems(facts),
  ];
}

function packageProblems({ present, hasApt, isRoot }: MachineFacts): string[] {
  const missing = missingPackages(present);
  if (missing.length === 0 || (hasApt && isRoot)) {
    return [];
  }
  const absent = requirements.filter(({ needs }) => !present.includes(needs)).map(({ needs }) => needs);
  const how = hasApt
    ? `apt-get install --no-install-recommends ${missing.join(" ")}`
    : `install what Debian calls ${missing.join(", ")}`;
  return [`Not found: ${absent.join(", ")}. To get ${absent.length === 1 ? "it" : "them"}: ${how}.`];
}

function cgroupProblems({ cgroups, unifiedControllers }: MachineFacts): string[] {
  const mounted = new Set([...cgroups.flatMap(({ controllers }) => controllers), ...unifiedControllers]);
  const missing = neededControllers.filter((controller) => !mounted.has(controller));
  return missing.length === 0
    ? []
    : [
        `No cgroup controller ${missing.join(", ")} is mounted. Mount cgroup v2 or the v1 hierarchies under /sys/fs/cgroup; in a container, run it privileged.`,
      ];
}

function addressProblems({ routes, registries }: MachineFacts): string[] {
  const own = routes.filter(({ link, destination }) => link !== links.machine && destination !== "default");
  const clashes = [
    ...own.map(({ link, destination }) => ({
      ranges: overlap(destination),
      clash: `are in use on this machine: ${link} routes ${destination}`,
    })),
    ...registries.map(({ name, address }) => ({
      ranges: overlap(address),
      clash: `would hide the package registry ${name} (${address})`,
    })),
  ];
  return clashes
    .filter(({ ranges }) => ranges.length > 0)
    .map(({ ranges, clash }) => `The lab's addresses ${ranges.join(", ")} ${clash}. Free them, or use another machine.`);
}

/** Ranges of the lab that an address or a range has part in. */
function overlap(destination: string): string[] {
  if (destination.includes(":")) {
    return [];
  }
  const given = ipaddr.IPv4.parseCIDR(destination.includes("/") ? destination : `${destination}/32`);
  return labRanges.filter((range) => {
    const [address, bits] = ipaddr.IPv4.parseCIDR(range);
    return address.match(given[0], Math.min(bits, given[1]));
  });
}

/** The one message about a machine that cannot run a lab. */
export function prerequisiteMessage(problems: readonly string[]): string {
  const lines = problems.map((problem) => `  ${problem}`);
  return `The lab cannot run here:\n${lines.join("\n")}\nOr use your own cluster: STACK=dev`;
}
