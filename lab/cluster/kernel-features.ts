import { runCommand } from "./run-command";

/** Tried in a namespace that is thrown away; each is one shell command that fails where the kernel lacks the feature. */
const trials: readonly { feature: string; needs: readonly string[]; command: string; module?: string }[] = [
  { feature: "overlay mounts", needs: ["mount"], module: "overlay", command: "grep -qw overlay /proc/filesystems" },
  { feature: "process namespaces", needs: ["unshare"], command: "unshare --pid --fork true" },
  { feature: "bridges", needs: ["ip"], module: "bridge", command: "ip link add trial0 type bridge" },
  { feature: "veth links", needs: ["ip"], module: "veth", command: "ip link add trial1 type veth peer name trial2" },
  {
    feature: "netfilter on bridges (br_netfilter)",
    needs: [],
    module: "br_netfilter",
    command: "test -w /proc/sys/net/bridge/bridge-nf-call-iptables",
  },
  {
    feature: "nftables with connection tracking and reject",
    needs: ["nft"],
    module: "nf_tables",
    command: "nft 'table inet trial { chain c { type filter hook forward priority 0; ct state established accept; reject; }; }'",
  },
  {
    feature: "iptables' address translation",
    needs: ["iptables"],
    module: "nf_nat",
    command: "iptables -w -t nat -A POSTROUTING -m comment --comment trial -j MASQUERADE",
  },
];

/** Features the lab lives on that this kernel refuses. Needs root; a feature whose tool is not there yet is not tried. */
export async function missingKernelFeatures(present: readonly string[]): Promise<string[]> {
  if (!present.includes("unshare")) {
    return [];
  }
  const tried = trials.filter(({ needs }) => needs.every((need) => present.includes(need)));
  // Where modules are loaded on demand this loads them; where all is built in there is no modprobe, and nothing to do.
  const modules = tried.flatMap(({ module }) => module ?? []);
  await runCommand("modprobe", ["--all", ...modules]).catch(() => undefined);
  const script = tried.map(({ command }, i) => `(${command}) >/dev/null 2>&1 || echo ${i}`).join("\n");
  const failed = await runCommand("unshare", ["--net", "--mount", "sh", "-c", script]).catch(() => undefined);
  return failed === undefined
    ? ["network and mount namespaces"]
    : failed
        .split("\n")
        .filter(Boolean)
        .map((i) => tried[Number(i)].feature);
}
