import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { kubectl } from "./objects";
import { namespace } from "./settings";
import { labCluster } from "./shared";
import type { LabStack } from "./stack";
import { secretTexts } from "./state";

/** A secret and what it is. */
export type Secret = [name: string, text: string];

/** Tokens and passwords that the state of a stack knows. */
export async function secretsOf(stack: LabStack): Promise<Secret[]> {
  const { resources } = await stack.state({ showSecrets: true });
  return secretTexts(resources).filter(([name, text]) => /token|password/i.test(name) && text.length >= 32);
}

/** The text of every place that a person reads: state, all objects but Secrets, logs of all pods, reports, and what Pulumi showed. */
export async function readablePlaces(stack: LabStack, shown: string): Promise<Record<string, string>> {
  const named = async (
    kind: string,
    names: readonly string[],
    read: (name: string) => Promise<string>,
  ): Promise<Record<string, string>> => {
    const texts = await Promise.all(names.map(async (name): Promise<[string, string]> => [`${kind} ${name}`, await read(name)]));
    return Object.fromEntries(texts);
  };
  const kinds = (await kubectl("api-resources", "--verbs=list", "--namespaced", "-o", "name"))
    .split("\n")
    .filter((kind) => kind !== "secrets" && !kind.includes("metrics.k8s.io"));
  const { items } = await labCluster().core.listNamespacedPod({ namespace });
  // One that is going away may be gone before its log is read.
  const pods = items.flatMap(({ metadata }) => (metadata?.deletionTimestamp === undefined ? [`${metadata?.name}`] : []));
  const reports = path.join(stack.folder, "reports");
  return {
    state: (await stack.state()).text,
    shown,
    objects: await kubectl("-n", namespace, "get", kinds.join(","), "-o", "yaml"),
    ...(await named("log of", pods, (pod) => kubectl("-n", namespace, "logs", pod, "--all-containers"))),
    ...(await named("report", await readdir(reports), (file) => readFile(path.join(reports, file), "utf8"))),
  };
}

/** Each secret that stands in one of the places, also as base64 or as a part of a URL. */
export function leaksIn(places: Record<string, string>, secrets: readonly Secret[]): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    secrets.flatMap(([name, secret]) => {
      const forms = { readable: secret, base64: Buffer.from(secret).toString("base64"), "of a URL": encodeURIComponent(secret) };
      const form = Object.entries(forms).find(([, written]) => text.includes(written))?.[0];
      return form === undefined ? [] : [`${name} stands in ${place}, ${form}`];
    }),
  );
}
