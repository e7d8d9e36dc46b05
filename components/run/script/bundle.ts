import path from "node:path";
import { buildSync, type BuildFailure, type BuildOptions, type Message, type Metafile } from "esbuild";
import { scriptFile } from "./source";
import { sourceUrl } from "./places";

/** A script as its author wrote it. */
export interface SourceFile {
  name: string;
  text: string;
  /** Folder from which its imports are looked up. */
  folder: string;
}

/** Gives the one file that k6 is to load: the text itself where it stands alone, else a bundle; or a sentence on why there is none. */
export function moduleOf(source: SourceFile): { text: string } | { problem: string } {
  const { name, text } = source;
  try {
    const { imports, exports } = analysed(source);
    if (exports.length === 0) {
      return {
        problem: `script ${name} exports nothing, so k6 has nothing to run: export a default function, or functions named by options.scenarios.`,
      };
    }
    return { text: isTypeScript(name) || imports.some(isLocal) ? bundled(source) : text };
  } catch (error) {
    return { problem: `script ${name} cannot be read by k6: ${(error as BuildFailure).errors.map(located).join("; ")}` };
  }
}

function isTypeScript(name: string): boolean {
  return name.endsWith(".ts");
}

/** k6 has its own modules, and fetches others by URL; anything else must come with the script. */
function isLocal(specifier: string): boolean {
  return !/^(k6(\/|$)|https?:\/\/)/.test(specifier);
}

function analysed(source: SourceFile): { imports: string[]; exports: string[] } {
  // Nothing is written or followed: only a bundle's metafile lists imports and exports.
  const { metafile } = buildSync({ ...optionsFor(source), external: ["*"], sourcemap: false });
  const [{ imports, exports }] = Object.values(metafile.outputs);
  return { imports: imports.map(({ path }) => path), exports };
}

function bundled(source: SourceFile): string {
  const options = { ...optionsFor(source), external: ["k6", "k6/*", "http://*", "https://*"] };
  const first = buildSync(options);
  // A CommonJS script stays one: as an ES module it would have no export but the default.
  const { outputFiles } = formatOf(first.metafile, source) === "cjs" ? buildSync({ ...options, format: "cjs" }) : first;
  const [map, code] = ["map", "js"].map((end) => outputFiles.find(({ path }) => path.endsWith(`.${end}`))?.text ?? "");
  return `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(renamed(map)).toString("base64")}\n`;
}

function formatOf({ inputs }: Metafile, { name }: SourceFile): string | undefined {
  return inputs[name]?.format;
}

/** k6 itself follows the map, so that its error lines name the author's files, in this notation. */
function renamed(map: string): string {
  const parsed = JSON.parse(map) as { sources: string[] };
  return JSON.stringify({ ...parsed, sources: parsed.sources.map(sourceUrl) });
}

function optionsFor({ name, text, folder }: SourceFile) {
  const resolveDir = path.resolve(folder);
  return {
    stdin: { contents: text, sourcefile: name, resolveDir, loader: isTypeScript(name) ? "ts" : "js" },
    // Names in the bundle are relative to the script, so that the same script is the same run on every machine.
    absWorkingDir: resolveDir,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    sourcemap: "external",
    sourcesContent: false,
    outfile: scriptFile,
    write: false,
    metafile: true,
    logLevel: "silent",
  } as const satisfies BuildOptions;
}

function located({ text, location }: Message): string {
  if (location === null) {
    return text;
  }
  const place = `${location.file}:${location.line}:${location.column + 1}: ${text}: \`${location.lineText.trim()}\``;
  return text.startsWith("Could not resolve")
    ? `${place}. Check the path, or install the package beside the program; k6 has no modules of Node.`
    : place;
}
