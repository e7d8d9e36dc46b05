import { delimiter } from "node:path";
import { currentLayout } from "./cluster/record";

/**
 * Environment in which `pulumi`, `kubectl` and our own programs work with the lab and nothing else: its tools, its cluster, and the state of
 * the stacks in it, which goes with the cluster. Add it to the current environment.
 */
export function labEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const { bin, adminKubeconfig, pulumiHome, pulumiBackend } = currentLayout(env);
  return {
    PATH: [bin, ...(env.PATH ?? "").split(delimiter).filter((folder) => folder !== "" && folder !== bin)].join(delimiter),
    KUBECONFIG: adminKubeconfig,
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: `file://${pulumiBackend}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
  };
}

/** The environment as lines for a shell to evaluate. */
export function shellExports(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join("\n");
}
