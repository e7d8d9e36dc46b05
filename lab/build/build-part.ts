import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommandError, lastLines, runLogged } from "./command";
import type { Part } from "./part";
import type { Progress, Step } from "./progress";
import { isKept, keep, withLock } from "./store";

/** A part that cannot be built: which, why, where the log is and what to do. */
export class BuildError extends Error {
  constructor(title: string, cause: string, log: string, lines: readonly string[]) {
    const told = lines.length === 0 ? "" : `\n${lines.map((line) => `  | ${line}`).join("\n")}\n`;
    super(
      `lab part "${title}": ${cause.replace(/\.$/, "")}. Log: ${log}${told || " "}` +
        "Mend the cause and run the same command again, what is finished is kept; or use your own cluster: STACK=dev.",
    );
    this.name = "BuildError";
  }
}

/**
 * Builds one part into its folder, unless another process has done so meanwhile.
 *
 * @throws {BuildError} when it cannot be built
 */
export async function buildPart(
  part: Part,
  step: Step & { log: string },
  folderOf: (part: Part) => string,
  progress: Progress,
  stop: AbortSignal,
): Promise<void> {
  const folder = folderOf(part);
  progress.started(step);
  try {
    await withLock(
      folder,
      () => progress.noted(step, "waits for another process that builds it"),
      async () => {
        progress.noted(step);
        if (!(await isKept(part, folder))) {
          await buildUnderLock(part, step.log, folder, folderOf, stop);
        }
      },
    );
    progress.ended(step, "done");
  } catch (error) {
    progress.ended(step, stop.aborted ? "stopped" : "failed");
    throw await buildError(part, step.log, error);
  }
}

async function buildUnderLock(
  part: Part,
  log: string,
  folder: string,
  folderOf: (part: Part) => string,
  stop: AbortSignal,
): Promise<void> {
  await mkdir(dirname(log), { recursive: true });
  await writeFile(log, "");
  await keep(folder, async (out, work) => {
    await part.build({
      out,
      work,
      run: (command) => runLogged(command, log, stop),
      fileOf: (used, file) => join(folderOf(used), file),
    });
    if (!(await isKept(part, out))) {
      throw new CommandError(`the build ended without an error, but ${basename(folder)} lacks ${part.files.join(" or ")}`);
    }
  });
}

// Enough to see a compiler's complaint, few enough to stay on the screen.
const shownLines = 12;

async function buildError({ title }: Part, log: string, error: unknown): Promise<unknown> {
  if (error instanceof CommandError) {
    return new BuildError(title, error.message, log, error.remedy === undefined ? await lastLines(log, shownLines) : []);
  }
  return new BuildError(title, error instanceof Error ? error.message : String(error), log, []);
}
