import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { buildSync, type BuildFailure, type Message, type Metafile } from "esbuild";
import type { Problems } from "../errors";

/** Where a k6 script comes from: exactly one of the two. */
export interface ScriptSource {
  /** The script itself. */
  inline?: string;
  /** Path of a `.js` or `.ts` file, relative to the program. */
  path?: string;
}

/** A script that k6 can be expected to load. */
export interface Script {
  /** Name of the file as its author knows it. */
  name: string;
  /** Never changed on its way to the runners. */
  text: string;
  language: "javascript" | "typescript";
  /** sha256 of the text, in hex. */
  digest: string;
  /** Names that the script exports. */
  exports: string[];
}

// Kubernetes keeps an object's data below 1 MiB (MaxSecretSize, also for ConfigMaps); our own files beside the script take some of it.
const sizeLimitBytes = 1024 * 1024 - 32 * 1024;

/** Reads and checks a script; what is wrong with it goes to `problems`, and nothing is returned then. */
export function readScript(source: ScriptSource, path: string, problems: Problems): Script | undefined {
  const file = load(source, path, problems);
  if (file === undefined) {
    return undefined;
  }
  const { name, text } = file;
  const bytes = Buffer.byteLength(text);
  if (text.trim() === "") {
    problems.add(path, `script ${name} is empty: export a default function, or functions named by options.scenarios.`);
    return undefined;
  }
  if (bytes > sizeLimitBytes) {
    problems.add(
      path,
      `script ${name} has ${bytes} bytes, at most ${sizeLimitBytes} fit into a ConfigMap (1 MiB). ` +
        "Minify the bundle (esbuild --minify), and let runners read data from the target or an image instead of the script.",
    );
    return undefined;
  }
  const language = name.endsWith(".ts") ? "typescript" : "javascript";
  const shape = parse(name, text, language);
  if (typeof shape === "string") {
    problems.add(path, shape);
    return undefined;
  }
  return { name, text, language, digest: createHash("sha256").update(text).digest("hex"), exports: shape };
}

function load(
  { inline, path: file }: ScriptSource,
  path: string,
  problems: Problems,
): { name: string; text: string } | undefined {
  if ((inline === undefined) === (file === undefined)) {
    problems.add(path, "give exactly one of `inline` (the script itself) and `path` (a file, relative to the program).");
    return undefined;
  }
  if (file === undefined) {
    return { name: "script.js", text: inline ?? "" };
  }
  if (!/\.[jt]s$/.test(file)) {
    problems.add(
      `${path}.path`,
      `"${file}" is neither .js nor .ts, which is what k6 runs. Archives and other modules are not taken.`,
    );
    return undefined;
  }
  try {
    return { name: basename(file), text: readFileSync(file, "utf8") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    problems.add(`${path}.path`, `"${file}": ${why}. Paths are relative to the folder of the program.`);
    return undefined;
  }
}

/** Gives the names of the exports, or a sentence on why k6 would not load the script. */
function parse(name: string, text: string, language: Script["language"]): string[] | string {
  let metafile: Metafile;
  try {
    ({ metafile } = buildSync({
      stdin: { contents: text, sourcefile: name, loader: language === "typescript" ? "ts" : "js" },
      // Nothing is bundled or written: only a bundle's metafile lists imports and exports.
      bundle: true,
      external: ["*"],
      format: "esm",
      platform: "neutral",
      outfile: "script.js",
      write: false,
      metafile: true,
      logLevel: "silent",
    }));
  } catch (error) {
    return `script ${name} cannot be parsed: ${(error as BuildFailure).errors.map(located).join("; ")}`;
  }
  const [output] = Object.values(metafile.outputs);
  const relative = output.imports.map(({ path }) => path).find((path) => path.startsWith(".") || path.startsWith("/"));
  if (relative !== undefined) {
    return (
      `script ${name} imports "${relative}", but runners are given this one file. ` +
      `Bundle it first (esbuild ${name} --bundle --format=esm --external:k6 --external:'k6/*' --outfile=bundled.js) and give the bundle.`
    );
  }
  if (output.exports.length === 0) {
    return `script ${name} exports nothing, so k6 has nothing to run: export a default function, or functions named by options.scenarios.`;
  }
  return output.exports;
}

function located({ text, location }: Message): string {
  return location === null
    ? text
    : `${location.file}:${location.line}:${location.column + 1}: ${text}: \`${location.lineText.trim()}\``;
}
