import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { RunResult, RunSeries } from "../types";
import { page } from "./page";

/**
 * Writes `<run>.html` and `<run>.json` to a folder, which is made where it is missing. A reader sees a whole file or the one before, never a part.
 *
 * @returns their absolute paths
 */
export async function writeReport(
  folder: string,
  result: RunResult,
  series: RunSeries | undefined,
): Promise<{ html: string; json: string }> {
  const base = path.resolve(folder, result.run);
  await mkdir(path.dirname(base), { recursive: true });
  const files = { html: `${base}.html`, json: `${base}.json` };
  await writeWhole(files.html, page(result, series));
  await writeWhole(files.json, `${JSON.stringify({ ...result, series }, null, 2)}\n`);
  return files;
}

async function writeWhole(file: string, content: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, content);
  await rename(part, file);
}
