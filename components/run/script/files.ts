import { readFileSync } from "node:fs";
import type { Problems } from "../../errors";
import { harnessNames } from "../harness/files";
import { carriedBytes } from "./pieces";
import { split } from "./split";
import { archiveFile, partName, scriptFile, type ScriptSource } from "./source";

/** Reads a file that a person named; what is wrong goes to `problems`. */
export function readGiven(file: string, path: string, problems: Problems): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    problems.add(path, `"${file}": ${why}. Paths are relative to the folder of the program.`);
    return undefined;
  }
}

/** Reads the data files of a script, those to split as parts. */
export function dataFiles(source: ScriptSource, runners: number, path: string, problems: Problems): Record<string, Buffer> {
  const { files = {}, splitFiles = {} } = source;
  const found: Record<string, Buffer> = {};
  for (const [name, file] of Object.entries(files)) {
    const at = `${path}.files.${name}`;
    const content = isName(name, at, problems) ? readGiven(file, at, problems) : undefined;
    Object.assign(found, content === undefined ? {} : { [name]: content });
  }
  for (const [name, file] of Object.entries(splitFiles)) {
    const at = `${path}.splitFiles.${name}`;
    if (name in files) {
      problems.add(at, `${name} is in files too: one name is one file. Choose another name, or leave one of them out.`);
    } else if (isName(name, at, problems) && isInLines(name, at, problems)) {
      const content = readGiven(file, at, problems);
      Object.assign(found, content === undefined ? {} : partsOf(name, content.toString("utf8"), runners, at, problems));
    }
  }
  return found;
}

function partsOf(name: string, text: string, runners: number, at: string, problems: Problems): Record<string, Buffer> {
  // Another number is a problem of its own, told elsewhere.
  const parts = split(name, text, Number.isInteger(runners) && runners > 0 ? runners : 1);
  if (!Array.isArray(parts)) {
    const header = name.endsWith(".csv") ? " below its header" : "";
    problems.add(
      at,
      `${name} has ${parts.lines} ${parts.lines === 1 ? "line" : "lines"}${header}, too few for ${runners} runners. Use at most ${parts.lines} runners, or more data.`,
    );
    return {};
  }
  return Object.fromEntries(parts.map((part, i) => [partName(name, i), Buffer.from(part)]));
}

function isName(name: string, at: string, problems: Problems): boolean {
  // What Kubernetes takes as a key of a ConfigMap.
  if (!/^[A-Za-z0-9_][-A-Za-z0-9_.]{0,200}$/.test(name)) {
    problems.add(
      at,
      `"${name}" cannot be a file beside the script: use letters, digits, "-", "_" and ".", without a folder, and open("./${name.replace(/^.*\//, "")}").`,
    );
    return false;
  }
  if ([...harnessNames, scriptFile, archiveFile].includes(name)) {
    problems.add(at, `"${name}" is the name of a file that runners need beside the script. Choose another.`);
    return false;
  }
  return true;
}

function isInLines(name: string, at: string, problems: Problems): boolean {
  if (name.endsWith(".json")) {
    problems.add(
      at,
      `${name} is one value, which cannot be cut between lines. Write a .csv, or one JSON value per line (.jsonl).`,
    );
    return false;
  }
  return true;
}

/** Checks that a script with its files is not more than ConfigMaps should carry. */
export function checkSize(name: string, files: Record<string, Buffer>, path: string, problems: Problems): void {
  const sizes = Object.entries(files).map(([file, { length }]) => ({ file, length }));
  const total = sizes.reduce((sum, { length }) => sum + length, 0);
  if (total <= carriedBytes) {
    return;
  }
  const largest = sizes.sort((a, b) => b.length - a.length).slice(0, 3);
  const withFiles =
    sizes.length === 1 ? "" : ` with its files (largest: ${largest.map(({ file, length }) => `${file} ${length}`).join(", ")})`;
  problems.add(
    path,
    `script ${name}${withFiles} has ${total} bytes, at most ${carriedBytes} (8 MiB) are carried in ConfigMaps. ` +
      "Make it smaller, or put it where runners can read it: on a volume (script.volumeClaim) or into their image (script.imagePath).",
  );
}
