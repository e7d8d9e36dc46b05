import { addresses, links } from "./addresses";

/**
 * The lab's outer wall, as nftables rules of its own namespace: what tries to leave the machine, or reaches for a Service that is not
 * programmed yet, is refused at once. Silence would leave clients waiting on connections that nobody answers.
 */
export function renderFirewall(): string {
  const refuse = [
    `oifname "${links.lab}" meta l4proto tcp reject with tcp reset`,
    `oifname "${links.lab}" reject with icmp type admin-prohibited`,
    `ip daddr ${addresses.services} meta l4proto tcp reject with tcp reset`,
    `ip daddr ${addresses.services} reject with icmp type admin-prohibited`,
  ].map((rule) => `    ${rule}`);
  return `table inet pulumi_k6_lab_wall {
  chain wall_forward {
    type filter hook forward priority filter; policy accept;
    meta nfproto ipv6 drop
    ct state established,related accept
${refuse.join("\n")}
  }
  chain wall_output {
    type filter hook output priority filter; policy accept;
    ct state established,related accept
${refuse.join("\n")}
  }
}
`;
}
