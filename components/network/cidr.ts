import * as ipaddr from "ipaddr.js";

/**
 * Looks at one address range of a target.
 *
 * @returns what is wrong with it and what to write instead; `undefined` when it can be used
 */
export function cidrProblem(cidr: string): string | undefined {
  if (!cidr.includes("/")) {
    return ipaddr.isValid(cidr) && (cidr.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(cidr))
      ? `CIDR mask is missing in "${cidr}". Did you mean "${cidr}/${cidr.includes(":") ? 128 : 32}"?`
      : `"${cidr}" is not an address range: give a CIDR such as "198.51.100.0/24", or name a namespace and podLabels for a target in the cluster.`;
  }
  // ipaddr.js also takes forms such as "10.1/16", which Kubernetes refuses.
  if (!ipaddr.isValidCIDR(cidr) || (!cidr.includes(":") && !ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr))) {
    return `"${cidr}" is not a CIDR: an IPv4 range is written like "198.51.100.0/24" with a mask of 0 to 32, an IPv6 range like "2001:db8::/64" with one of 0 to 128.`;
  }
  const [address, mask] = ipaddr.parseCIDR(cidr);
  if (mask === 0) {
    return `"${cidr}" opens the whole internet to the runners: name the ranges of the system under test.`;
  }
  const network = address.kind() === "ipv6" ? ipaddr.IPv6.networkAddressFromCIDR(cidr) : ipaddr.IPv4.networkAddressFromCIDR(cidr);
  if (network.toNormalizedString() !== address.toNormalizedString()) {
    return `"${cidr}" has bits set behind its mask. Did you mean "${network.toString()}/${mask}", or the single address "${address.toString()}/${address.kind() === "ipv6" ? 128 : 32}"?`;
  }
  return undefined;
}
