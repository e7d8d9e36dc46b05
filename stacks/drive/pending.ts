import { pulumiOutput, pulumiWith, type Stack } from "./pulumi";

/** The parts of `pulumi stack export` that are looked at here. */
export interface Exported {
  deployment: { pending_operations?: { resource: { type: string }; type: string }[] };
}

/**
 * A state without the interrupted creations of ours; `undefined` where it has none.
 *
 * Such a creation needs nobody to look what became of it: a run attaches to what was started, and setup and gate do the same again. Of all
 * others Pulumi goes on to warn.
 */
export function withoutOurPending<T extends Exported>(exported: T): T | undefined {
  const pending = exported.deployment.pending_operations ?? [];
  const kept = pending.filter(
    ({ resource, type }) => type !== "creating" || !resource.type.startsWith("pulumi-nodejs:dynamic/pulumi-k6:"),
  );
  return kept.length === pending.length
    ? undefined
    : { ...exported, deployment: { ...exported.deployment, pending_operations: kept } };
}

/** Takes interrupted creations of ours out of a stack's state, of which Pulumi would warn for ever. */
export async function forgetPending(stack: Stack): Promise<void> {
  const mended = withoutOurPending(JSON.parse(await pulumiOutput(stack, ["stack", "export"])) as Exported);
  if (mended !== undefined) {
    await pulumiWith(stack, ["stack", "import"], JSON.stringify(mended));
  }
}
