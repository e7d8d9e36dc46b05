import type { ImageDefinition } from "../build/image-part";
import type { Part } from "../build/part";
import { folders } from "./root";

// Any user but root; this one is what Kubernetes' own images run as.
const nobody = "65532:65532";

/** CoreDNS, as root: port 53 is open to nobody else without capabilities on the file, which a tar archive does not carry. */
export function corednsImage(coredns: Part): ImageDefinition {
  return single("lab.local/coredns:1.14.7", "image of CoreDNS", coredns, { User: "0:0", ports: ["53/udp", "53/tcp"] });
}

/** The HTTP target. */
export function targetImage(target: Part): ImageDefinition {
  return single("lab.local/target:1", "image of the HTTP target", target, { User: nobody, ports: ["8080/tcp"] });
}

/** The process that holds a pod's namespaces. */
export function pauseImage(pause: Part): ImageDefinition {
  return single("lab.local/pause:1", "image of pause", pause, { User: "65535:65535", ports: [] });
}

function single(
  reference: string,
  title: string,
  part: Part,
  { User, ports }: { User: string; ports: string[] },
): ImageDefinition {
  return {
    reference,
    title,
    config: { Entrypoint: [`/${part.name}`], User, ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) },
    entries: [...folders("etc"), { kind: "program", path: part.name, part }],
  };
}
