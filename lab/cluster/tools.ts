import { readFileSync } from "node:fs";
import { copyFile, link, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LabParts } from "../build/parts";
import type { Layout } from "./layout";

// Pulumi's own launcher of dynamic providers, a script that npm's package carries.
const dynamicProvider = "pulumi-resource-pulumi-nodejs";

/** Links the command line tools into one folder, and Pulumi's plugins to where its home has them. */
export async function writeTools(layout: Layout, parts: LabParts): Promise<void> {
  const sdk = pulumiSdk();
  const links = toolLinks(layout, parts.bin, sdk);
  await mkdir(layout.bin, { recursive: true });
  // A copy, because the checkout that it comes from may go while the lab stays.
  await copyFile(join(sdk.folder, dynamicProvider), join(layout.bin, dynamicProvider));
  await placeFile(parts.bin.pulumi, join(layout.bin, "pulumi"));
  await Promise.all(
    Object.entries(links).map(async ([link, target]) => {
      await mkdir(dirname(link), { recursive: true });
      await rm(link, { force: true });
      await symlink(target, link);
    }),
  );
}

/** Makes a file be at a second place too. No symbolic link: Pulumi warns of a launcher that is not beside its own real file. */
async function placeFile(source: string, target: string): Promise<void> {
  await rm(target, { force: true });
  // Copied where the two are on different file systems.
  await link(source, target).catch(() => copyFile(source, target));
}

/** Folder and version of the npm package @pulumi/pulumi, and versions of the providers' packages. */
interface PulumiSdk {
  folder: string;
  providers: Record<"kubernetes" | "random", string>;
}

function pulumiSdk(): PulumiSdk {
  const versionOf = (name: string): string =>
    (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")) as { version: string }).version;
  return {
    folder: dirname(require.resolve("@pulumi/pulumi/package.json")),
    providers: { kubernetes: versionOf("@pulumi/kubernetes"), random: versionOf("@pulumi/random") },
  };
}

/** Every link, by its path, and what it points to. */
export function toolLinks({ bin, pulumiHome }: Layout, parts: LabParts["bin"], sdk: PulumiSdk): Record<string, string> {
  const plugin = (name: "kubernetes" | "random"): string =>
    join(pulumiHome, "plugins", `resource-${name}-v${sdk.providers[name]}`, `pulumi-resource-${name}`);
  return {
    [join(bin, "kubectl")]: parts.kube,
    // Load tests ask k6 about their script before anything is created.
    [join(bin, "k6")]: parts.k6,
    [join(bin, "influxd")]: parts.influxd,
    [join(bin, "telegraf")]: parts.telegraf,
    [join(bin, "pulumi-language-nodejs")]: parts["pulumi-language-nodejs"],
    [plugin("kubernetes")]: parts["pulumi-resource-kubernetes"],
    [plugin("random")]: parts["pulumi-resource-random"],
  };
}
