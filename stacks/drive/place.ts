import type { StopArgs } from "pulumi-k6";
import { settingsSchema } from "../settings/schema";
import { pulumiOutput, type Stack } from "./pulumi";

/** A stack's configuration as `pulumi config --json` gives it. */
type Config = Record<string, { value?: string; objectValue?: unknown }>;

/** Where the runs of a stack are, by its settings alone: neither its state nor its lock is asked. */
export async function placeOf(stack: Stack, args: readonly string[] = []): Promise<Omit<StopArgs, "run">> {
  const config = JSON.parse(await pulumiOutput(stack, ["config", "--json", "--show-secrets", ...args])) as Config;
  return { kubeconfig: stack.env["KUBECONFIG"], ...placeIn(config) };
}

/** The part of a stack's configuration that says where its runs are. What else is wrong in it is no matter. */
export function placeIn(config: Config): { kubeconfig?: string; context?: string; namespace: string } {
  const given = (key: string) => config[`pulumi-k6:${key}`];
  const platform: unknown = given("platform")?.objectValue ?? JSON.parse(given("platform")?.value ?? "{}");
  const { namespace } = settingsSchema.shape.platform.parse(platform);
  const [kubeconfig, context] = ["kubeconfig", "context"].map((key) => given(key)?.value);
  return { namespace, ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
}
