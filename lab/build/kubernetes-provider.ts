import { chmod, copyFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { CommandError } from "./command";
import { goEnvironment, type Preparation } from "./go";
import type { BuildPlace } from "./part";
import { goModules } from "./sources";

const providerModule = "github.com/pulumi/pulumi-kubernetes/provider/v4";
const deletedFile = join("pkg", "await", "condition", "deleted.go");

/** A change of one place in a file. */
export interface Edit {
  find: string;
  replace: string;
}

/**
 * What is changed in the provider's deleted.go. This version can miss that an object is gone, and then waits the whole ten minutes: of 80
 * deletions one or two did (pulumi-kubernetes issue 3317; mended by its pull requests 3550 and 3688, whose versions no package registry
 * has). It asks for the object once, while its watch is still being set up: one that goes in between is seen by neither. Here it asks
 * every second as well, and what is gone does not come back.
 */
export const deletedEdits: readonly Edit[] = [
  { find: '\t"sync/atomic"\n', replace: '\t"sync/atomic"\n\t"time"\n' },
  { find: "\t\tdc.deleted.Store(false)\n", replace: "" },
  {
    find: "\twg.Wait()\n",
    replace: `\tended := make(chan struct{})
	go func() { wg.Wait(); close(ended) }()
	for isOver := false; !isOver; {
		select {
		case <-ended:
			isOver = true
		case <-time.After(time.Second):
			dc.refreshClusterState()
			if dc.deleted.Load() {
				return
			}
		}
	}
`,
  },
];

/** Mends a copy of the provider's source and builds with that: Go lets nothing take the place of a file in its module cache. */
export async function prepareKubernetesProvider({ work, run }: BuildPlace): Promise<Preparation> {
  const own = join(goModules, "kubernetes-provider");
  await cp(await moduleFolder(own), join(work, "provider"), { recursive: true });
  // The module cache is read-only, and so is a copy of it.
  await chmod(join(work, "provider", deletedFile), 0o644);
  await writeFile(
    join(work, "provider", deletedFile),
    edit(await readFile(join(work, "provider", deletedFile), "utf8"), deletedEdits),
  );
  await Promise.all(["main.go", "go.mod", "go.sum"].map((file) => copyFile(join(own, file), join(work, file))));
  await run({ program: "go", args: ["mod", "edit", `-replace=${providerModule}=./provider`], cwd: work, env: goEnvironment() });
  return { cwd: work };
}

/** Edits a text. @throws {Error} when a place is not there exactly once: then it is not the text that the edits were made for */
export function edit(text: string, edits: readonly Edit[]): string {
  return edits.reduce((edited, { find, replace }) => {
    const parts = edited.split(find);
    if (parts.length !== 2) {
      throw new Error(
        `the provider's deleted.go has ${parts.length - 1} places like ${JSON.stringify(find)}, not 1; see whether the edit is still needed`,
      );
    }
    return parts.join(replace);
  }, text);
}

async function moduleFolder(cwd: string): Promise<string> {
  // Asks for a package, not the module: that way Go fetches it when it is not there.
  const list = ["list", "-mod=readonly", "-f", "{{.Module.Dir}}", `${providerModule}/pkg/await/condition`];
  const result = await execa("go", list, { cwd, env: goEnvironment(), reject: false });
  if (result.failed) {
    throw new CommandError(`go list: ${result.stderr}`);
  }
  return result.stdout.trim();
}
