import { addresses } from "./addresses";

/** How pods are connected: one bridge, addresses handed out by the node. */
export function renderCniConfig(): string {
  return JSON.stringify(
    {
      cniVersion: "1.0.0",
      name: "pulumi-k6-lab",
      plugins: [
        {
          type: "bridge",
          bridge: "cni0",
          isGateway: true,
          ipMasq: true,
          hairpinMode: true,
          ipam: { type: "host-local", ranges: [[{ subnet: addresses.pods }]], routes: [{ dst: "0.0.0.0/0" }] },
        },
        { type: "portmap", capabilities: { portMappings: true } },
      ],
    },
    null,
    2,
  );
}
