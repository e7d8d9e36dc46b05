import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ComparedWindows } from "../compare/types";
import type { RunResult, RunSeries } from "../types";
import { junit } from "./junit";
import { markdown } from "./markdown";
import { page } from "./page";

/** What is written of a run beside its result, as far as it is known. */
export interface Charts {
  series?: RunSeries;
  windows?: ComparedWindows;
}

/** Absolute paths of a run's files. */
export interface ReportFiles {
  /** For people. */
  html: string;
  /** The whole result, with what is drawn; later runs are compared by it. */
  json: string;
  /** JUnit XML, for CI. */
  junit: string;
  /** For a pull request. */
  markdown: string;
}

/** Where a run's files are, or will be. */
export function reportFiles(folder: string, run: string): ReportFiles {
  const base = path.resolve(folder, run);
  return { html: `${base}.html`, json: `${base}.json`, junit: `${base}.junit.xml`, markdown: `${base}.md` };
}

/**
 * Writes a run's report in its four forms to a folder, which is made where it is missing. A reader sees a whole file or the one before, never
 * a part.
 */
export async function writeReport(folder: string, result: RunResult, { series, windows }: Charts = {}): Promise<ReportFiles> {
  const files = reportFiles(folder, result.run);
  await mkdir(path.dirname(files.html), { recursive: true });
  await writeWhole(files.junit, junit(result));
  await writeWhole(files.markdown, markdown(result));
  await writeWhole(files.json, `${JSON.stringify({ ...result, series, windows }, null, 2)}\n`);
  // Last: where the page is, the others are too.
  await writeWhole(files.html, page(result, series));
  return files;
}

async function writeWhole(file: string, content: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, content);
  await rename(part, file);
}
