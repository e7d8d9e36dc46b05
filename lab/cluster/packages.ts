import { existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { machineFacts } from "./machine-facts";
import { missingPackages, prerequisiteMessage, prerequisiteProblems } from "./prerequisites";

/**
 * Makes sure that a lab can run on this machine; installs the Debian packages that are missing.
 *
 * @throws with every problem there is, and what to do about each
 */
export async function ensurePrerequisites(tell: (line: string) => void): Promise<void> {
  const before = await machineFacts();
  refuse(prerequisiteProblems(before));
  const missing = missingPackages(before.present);
  if (missing.length === 0) {
    return;
  }
  tell(`installing ${missing.join(", ")}`);
  await withoutServices(() => install(missing));
  const after = await machineFacts();
  // Installed, and still not found: then apt-get is not the remedy.
  refuse(prerequisiteProblems({ ...after, hasApt: false }));
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new Error(prerequisiteMessage(problems));
  }
}

async function install(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]): Promise<unknown> => execa("apt-get", args, { env, stdin: "ignore", all: true });
  try {
    await apt("update");
    // Removing something of the machine's for it is out of the question.
    await apt("install", "--yes", "--no-install-recommends", "--no-remove", ...packages);
  } catch (error) {
    const said = (error as { all?: string }).all ?? String(error);
    const how = `apt-get install --no-install-recommends ${packages.join(" ")}`;
    const problem = `Installing ${packages.join(", ")} failed: ${said.trim().split("\n").slice(-3).join(" ")} Try yourself: ${how}.`;
    throw new Error(prerequisiteMessage([problem]), { cause: error });
  }
}

/** Debian starts the services of what it installs unless this file says no; the lab wants the programs only. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  const policy = "/usr/sbin/policy-rc.d";
  if (existsSync(policy)) {
    return await work();
  }
  await writeFile(policy, "#!/bin/sh\nexit 101\n");
  await chmod(policy, 0o755);
  try {
    await work();
  } finally {
    await rm(policy, { force: true });
  }
}
