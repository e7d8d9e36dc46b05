import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { version as randomVersion } from "@pulumi/random/package.json";
import { build as bundle, version as esbuildVersion } from "esbuild";
import type { BuildPlace, Part } from "./part";
import { labFolder } from "./sources";

const name = "pulumi-resource-random";
const folder = join(labFolder, "random-standin");

/** The lab's stand-in for Pulumi's provider `random`, which no package registry has: one script, independent of this checkout. */
export function randomStandinPart(): Part {
  const settings = { esbuildVersion, sdkVersion, randomVersion };
  return { name, title: "stand-in for Pulumi's random provider", files: [name], sources: [folder], settings, uses: [], build };
}

async function build({ out }: BuildPlace): Promise<void> {
  const outfile = join(out, name);
  await bundle({
    entryPoints: [join(folder, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    minify: true,
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "silent",
  });
  await chmod(outfile, 0o755);
}
