import { join } from "node:path";
import { build } from "esbuild";

/** Names of the programs of ours that run inside the lab. */
export const insidePrograms = ["supervisor", "volumes"] as const;

/** Path of the bundle of one of them. */
export function bundlePath(config: string, program: (typeof insidePrograms)[number]): string {
  return join(config, `${program}.cjs`);
}

/** Bundles what runs inside the lab into single files, so that the lab does not depend on the checkout that started it. */
export async function writeBundles(config: string): Promise<void> {
  await build({
    entryPoints: insidePrograms.map((program) => join(__dirname, "inside", `${program}.ts`)),
    outdir: config,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  });
}
