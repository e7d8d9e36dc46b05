import type { RunInputs } from "../../../components/run/types";

/**
 * A sentence as it might stand in somebody's own cluster: what differs from run to run, and from machine to machine, is always the same. So is
 * the name of a runner's pod, which k6-operator counts from 1.
 */
export function plain(
  sentence: string,
  { run, namespace, engine }: Pick<RunInputs, "run" | "namespace" | "engine">,
  nodes: readonly string[],
): string {
  const first = engine === "operator" ? 1 : 0;
  return (
    nodes
      .reduce((text, node) => text.replaceAll(`node ${node}`, "node node-a"), sentence)
      .replaceAll(run, "shop-3f9a1c2e")
      .replaceAll(namespace, "load")
      .replace(/(shop-3f9a1c2e-(?:initializer|starter))-[a-z0-9]{5}\b/g, "$1-x7k4p")
      .replace(/shop-3f9a1c2e-(\d+)-[a-z0-9]{5}\b/g, (_, number: string) => `shop-3f9a1c2e-${Number(number) - first}-x7k4p`)
      .replaceAll("lab.local/", "registry.example/")
      // The lab has no registry, and sends whoever asks for one to a port where nobody listens.
      .replace(/"http:\/\/[\d.]+:\d+(\/v2\/[^?"]*)\?ns=lab\.local"/, '"https://registry.example$1"')
      .replace(/\b\d+\.\d+\.\d+\.\d+\b/g, "10.0.0.7")
      .replace(/left: [\d.]+ CPU, so [\d.]+ CPU/, "left: 1.5 CPU, so 62.5 CPU")
      .replace(/\d+ of \d+ CPU periods of its load \([\d.]+ %\)/, "60 of 80 CPU periods of its load (75 %)")
      .replace(/\d+ of \d+ iterations \([\d.]+ %\)/, "270 of 300 iterations (90 %)")
  );
}
