import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { RunResult } from "../types";
import { compareRuns, notComparable, type ComparedRun } from "./compare";
import { differences } from "./likeness";
import { sensitivityOf } from "./settings";
import type { Comparison, CompareSettings } from "./types";

// A folder of results may be years old.
const maxFiles = 500;

type ResultFile = ComparedRun & { result: RunResult };

/** Compares a run with what its settings name. What cannot be read makes it `not comparable`; it throws nothing. */
export async function comparedWithBaselines(
  candidate: ComparedRun,
  settings: CompareSettings,
  reportFolder: string,
): Promise<Comparison> {
  try {
    const { baseline, lastRuns = 0 } = settings;
    const found =
      baseline === undefined ? await newestAlike(candidate, reportFolder, lastRuns) : await pinned(candidate, baseline);
    return typeof found === "string" ? notComparable(found) : compareRuns(candidate, found, sensitivityOf(settings));
  } catch (error) {
    return notComparable(`${error instanceof Error ? error.message : String(error)}.`);
  }
}

async function pinned(candidate: ComparedRun, baseline: string): Promise<ResultFile[] | string> {
  const isFolder = (await stat(baseline).catch(() => undefined))?.isDirectory();
  if (isFolder === undefined) {
    return `compare.baseline ${baseline} is not there. Give a result of an earlier run, or a folder of them.`;
  }
  const runs = isFolder ? await resultsIn(baseline) : [await readResult(baseline)];
  const others = runs.filter((run) => run !== undefined).filter(({ result }) => result.run !== candidate.result.run);
  return others.length > 0 ? others : `compare.baseline ${baseline} holds no result of another run.`;
}

/** The newest runs of the same kind that can be believed. */
async function newestAlike(candidate: ComparedRun, folder: string, count: number): Promise<ResultFile[] | string> {
  const runs = await resultsIn(folder).catch(() => []);
  const alike = runs.filter(
    ({ result, windows }) =>
      result.run !== candidate.result.run &&
      result.verdict !== "invalid" &&
      windows !== undefined &&
      differences(candidate.result.likeness ?? {}, result.likeness ?? {}).length === 0,
  );
  const newest = alike.sort((a, b) => (a.result.startedAt ?? "").localeCompare(b.result.startedAt ?? "")).slice(-count);
  return newest.length > 0 ? newest : `${folder} holds no earlier run of the same kind that could be believed.`;
}

async function resultsIn(folder: string): Promise<ResultFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const files = await Promise.all(
    names.map(async (name) => ({ file: path.join(folder, name), at: (await stat(path.join(folder, name))).mtimeMs })),
  );
  const newest = files.sort((a, b) => b.at - a.at).slice(0, maxFiles);
  const results = await Promise.all(newest.map(({ file }) => readResult(file).catch(() => undefined)));
  return results.filter((result) => result !== undefined);
}

/** @throws where it is no result of a run */
async function readResult(file: string): Promise<ResultFile> {
  const { windows, ...result } = JSON.parse(await readFile(file, "utf8")) as RunResult & Pick<ComparedRun, "windows">;
  if (result.schema !== 1 || typeof result.run !== "string") {
    throw new Error(`${file} is no result of a run`);
  }
  return { result, ...(windows === undefined ? {} : { windows }) };
}
