import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import type { LabParts } from "../build/parts";
import { bundlePath, insidePrograms } from "./bundles";
import { renderCniConfig } from "./cni-config";
import { renderContainerdConfig, renderDeadEndRegistry } from "./containerd-config";
import { daemons, kubeconfigPath } from "./daemons";
import { renderFirewall } from "./firewall";
import { renderInitScript } from "./init-script";
import { renderKubeconfig, users } from "./kubeconfig";
import { renderKubeletConfig } from "./kubelet-config";
import type { Layout } from "./layout";
import { dnsManifests } from "./manifests/dns";
import { storageManifests } from "./manifests/storage";
import { initScriptPath } from "./namespace";

/** Programs of the machine that the lab runs. */
export interface MachinePrograms {
  node: string;
  containerd: string;
}

/** Every configuration file of a lab: its path and its text, without certificates. */
export function labFiles(layout: Layout, parts: LabParts, { node, containerd }: MachinePrograms): Map<string, string> {
  const { config, run, logs, pki } = layout;
  const programs = { kube: parts.bin.kube, netpol: parts.bin.netpol, containerd, node, volumes: bundlePath(config, "volumes") };
  return new Map([
    [initScriptPath(layout), renderInitScript(layout, node, bundlePath(config, "supervisor"))],
    [join(run, "daemons.json"), JSON.stringify({ logs, daemons: daemons(programs, layout) }, null, 2)],
    [join(config, "containerd.toml"), renderContainerdConfig(config, imageNamed(parts, "pause"))],
    [join(config, "registries", "_default", "hosts.toml"), renderDeadEndRegistry()],
    [join(config, "cni", "10-lab.conflist"), renderCniConfig()],
    [join(config, "kubelet.yaml"), renderKubeletConfig(layout)],
    [join(config, "resolv.conf"), ""],
    [join(config, "firewall.nft"), renderFirewall()],
    ...users.map((user) => [kubeconfigPath(layout, user), renderKubeconfig(user, pki)] as const),
  ]);
}

/** What is applied to the cluster when it has started. */
export function labManifests(layout: Layout, parts: LabParts): KubernetesObject[] {
  return [...dnsManifests(imageNamed(parts, "coredns")), ...storageManifests(layout.volumes)];
}

/**
 * Digest of all that a lab is made from. Checkouts with the same share a lab, so it must not depend on where a checkout is,
 * nor on its Node; the parts' own paths carry the digest of what they were built from.
 */
export async function labKey(layout: Layout, parts: LabParts): Promise<string> {
  const sources = await Promise.all(
    insidePrograms.map((program) => readFile(join(__dirname, "inside", `${program}.ts`), "utf8")),
  );
  const files = labFiles(layout, parts, { node: "node", containerd: "containerd" });
  const made = [...files, parts, labManifests(layout, parts), sources];
  return createHash("sha256").update(JSON.stringify(made)).digest("hex");
}

/** Reference of the parts' image of this name, whatever its tag. */
export function imageNamed({ images }: LabParts, name: string): string {
  const image = images.find(({ reference }) => reference.startsWith(`lab.local/${name}:`));
  if (image === undefined) {
    throw new Error(`the lab's parts have no image ${name}; they have ${images.map(({ reference }) => reference).join(", ")}`);
  }
  return image.reference;
}
