/** Labels that say what an object of ours is. Every object carries `managedBy`; objects of a test or a run also name it. */
export const labelKeys = {
  managedBy: "app.kubernetes.io/managed-by",
  name: "app.kubernetes.io/name",
  platform: "pulumi-k6/platform",
  test: "pulumi-k6/test",
  run: "pulumi-k6/run",
  role: "pulumi-k6/role",
  /** Not secret: which token of the store a pod writes with. */
  storeToken: "pulumi-k6/store-token",
} as const;

/** What a pod does in the platform; network policies select by it. */
export type Role = "runner" | "store" | "gateway" | "initializer" | "starter" | "grafana";

export const managedBy = { [labelKeys.managedBy]: "pulumi-k6" } as const;

export function roleLabels(role: Role): Record<string, string> {
  return { ...managedBy, [labelKeys.role]: role };
}

/** Labels of the pods of a run; with no run, of all runners of a test. */
export function runnerLabels(test: string, run?: string): Record<string, string> {
  return { ...roleLabels("runner"), [labelKeys.test]: test, ...(run === undefined ? {} : { [labelKeys.run]: run }) };
}
