import { join } from "node:path";
import { stringify } from "yaml";
import { addresses, cgroupRoot, clusterDomain } from "./addresses";
import { containerdSocket } from "./containerd-config";
import type { Layout } from "./layout";

/** The kubelet's configuration file. */
export function renderKubeletConfig({ pki, config }: Layout): string {
  return stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    cgroupDriver: "cgroupfs",
    cgroupRoot,
    // Machines with cgroup v1 are still met, and everything the lab needs works there.
    failCgroupV1: false,
    failSwapOn: false,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDNS: [addresses.dns],
    clusterDomain,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(pki, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(pki, "kubelet.crt"),
    tlsPrivateKeyFile: join(pki, "kubelet.key"),
    // An empty file: nothing inside may ask the machine's resolver.
    resolvConf: join(config, "resolv.conf"),
    // The machine's disk is not the lab's to police: no image is removed, and pods go only when memory is all but gone.
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    localStorageCapacityIsolation: false,
    enforceNodeAllocatable: [],
    cgroupsPerQOS: true,
    maxPods: 200,
  });
}
