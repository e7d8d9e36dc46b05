/** What a pod names and cannot find. */
export interface Missing {
  kind: string;
  name: string;
  /** Where the object is there and one of its keys is not. */
  key?: string;
}

const kinds: Record<string, string> = {
  configmap: "ConfigMap",
  secret: "Secret",
  persistentvolumeclaim: "PersistentVolumeClaim",
  serviceaccount: "ServiceAccount",
};

/** Reads from a message of Kubernetes which object it misses. */
export function missingIn(message: string): Missing | undefined {
  const [, key, keyKind, keyPlace] = /couldn't find key (\S+) in (ConfigMap|Secret) (\S+)/.exec(message) ?? [];
  if (key !== undefined) {
    return { kind: keyKind, name: keyPlace.split("/").pop() ?? keyPlace, key };
  }
  const [, kind, name] = /\b(configmap|secret|persistentvolumeclaim|serviceaccount) "([^"]+)" not found/i.exec(message) ?? [];
  return kind === undefined ? undefined : { kind: kinds[kind.toLowerCase()], name };
}

/** What is missing and what to do, as the end of a sentence on who needs it. */
export function missingText({ kind, name, key }: Missing, namespace: string): string {
  const what = key === undefined ? `${kind} ${name}` : `key ${key} of ${kind} ${name}`;
  return `${what}, which is not in namespace ${namespace}. ${remedies[kind] ?? "Create it"}.`;
}

// A load test's own are made by its stack, which does not look at them again unless told to.
const made = "If a stack made it, `pulumi up --refresh` makes it again; else create it";
const remedies: Record<string, string> = { ConfigMap: made, Secret: made };
