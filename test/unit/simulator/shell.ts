import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs `sh -c` with the words in `command`, with `programs` (texts of shell or Node scripts by name) and the tools of `tools` as the whole PATH. */
export async function runShell(
  command: readonly string[],
  programs: Record<string, string>,
  tools: readonly string[] = [],
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), "simulator-"));
  try {
    for (const [name, text] of Object.entries(programs)) {
      await writeFile(join(folder, name), text, { mode: 0o755 });
    }
    for (const tool of tools) {
      await symlink(["/usr/bin", "/bin"].map((bin) => join(bin, tool)).find(existsSync)!, join(folder, tool));
    }
    return await new Promise((resolve) =>
      execFile("/bin/sh", ["-c", ...command], { env: { PATH: folder }, cwd: folder }, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
      ),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
