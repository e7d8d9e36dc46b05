import { createHash } from "node:crypto";
import path from "node:path";
import type { Problems } from "../../errors";
import { moduleOf } from "./bundle";
import { checkSize, dataFiles, readGiven } from "./files";
import { archiveFile, scriptFile, volumeFolder, type Script, type ScriptSource } from "./source";

/** Where in the arguments a script stands, and how many runners share its split files. */
export interface ScriptPlace {
  path: string;
  runners: number;
}

const forms = ["inline", "path", "volumeClaim", "imagePath"] as const;

/** Reads and checks a script; what is wrong with it goes to `problems`, and nothing is returned then. */
export function readScript(source: ScriptSource, place: ScriptPlace, problems: Problems): Script | undefined {
  const before = problems.all.length;
  const given = forms.filter((form) => source[form] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none is given" : `${given.join(" and ")} are given`;
    problems.add(
      place.path,
      `give exactly one of \`inline\` (the script itself), \`path\` (a file, relative to the program), \`volumeClaim\` and \`imagePath\`: ${found}.`,
    );
    return undefined;
  }
  const script = elsewhere(source, place, problems) ?? carried(source, place, problems);
  return problems.all.length === before ? script : undefined;
}

/** A script that is where runners are: nothing of it can be looked at here. */
function elsewhere(source: ScriptSource, { path: at }: ScriptPlace, problems: Problems): Script | undefined {
  const { volumeClaim, imagePath, files = {}, splitFiles = {} } = source;
  if (volumeClaim === undefined && imagePath === undefined) {
    return undefined;
  }
  const [entry, property] =
    volumeClaim === undefined
      ? [imagePath ?? "", `${at}.imagePath`]
      : [path.posix.join(volumeFolder, volumeClaim.file), `${at}.volumeClaim.file`];
  checkType(entry, property, problems);
  if (volumeClaim === undefined ? !path.posix.isAbsolute(entry) : !entry.startsWith(`${volumeFolder}/`)) {
    const wanted = volumeClaim === undefined ? `an absolute path in the image, e.g. "/scripts/shop.js"` : "a path on the volume";
    problems.add(property, `"${volumeClaim?.file ?? entry}" is not ${wanted}.`);
  }
  if (Object.keys({ ...files, ...splitFiles }).length > 0) {
    problems.add(
      at,
      "files and splitFiles go with `inline` and `path` only: put data beside the script on its volume or in its image.",
    );
  }
  const digest = sha256(JSON.stringify(volumeClaim === undefined ? { imagePath } : { volumeClaim }));
  return {
    ...{ name: path.posix.basename(entry), digest, entry, isArchive: entry.endsWith(".tar"), files: {}, splitFiles: [] },
    ...(volumeClaim === undefined ? {} : { volumeClaim: volumeClaim.name }),
  };
}

/** A script that is brought to the runners. */
function carried(source: ScriptSource, { path: at, runners }: ScriptPlace, problems: Problems): Script | undefined {
  const { path: file, splitFiles = {} } = source;
  if (file !== undefined && !checkType(file, `${at}.path`, problems)) {
    return undefined;
  }
  const data = dataFiles(source, runners, at, problems);
  const name = file === undefined ? scriptFile : path.basename(file);
  const isArchive = name.endsWith(".tar");
  const content = file === undefined ? Buffer.from(source.inline ?? "") : readGiven(file, `${at}.path`, problems);
  if (content === undefined) {
    return undefined;
  }
  if (isArchive && Object.keys(data).length > 0) {
    problems.add(
      at,
      `${name} is an archive and holds its own data: \`k6 archive\` packs what the script opens. Leave files and splitFiles out.`,
    );
  }
  const entry = isArchive ? archiveFile : scriptFile;
  const main = isArchive ? content : moduleText(name, content.toString("utf8"), path.dirname(file ?? "."), at, problems);
  if (main === undefined) {
    return undefined;
  }
  const files = { [entry]: main, ...data };
  checkSize(name, files, at, problems);
  return { name, digest: digestOf(files), entry: `./${entry}`, isArchive, files, splitFiles: Object.keys(splitFiles) };
}

function checkType(file: string, at: string, problems: Problems): boolean {
  if (/\.(js|ts|tar)$/.test(file)) {
    return true;
  }
  problems.add(at, `"${file}" is none of .js, .ts and .tar, which is what k6 runs.`);
  return false;
}

function moduleText(name: string, text: string, folder: string, at: string, problems: Problems): Buffer | undefined {
  if (text.trim() === "") {
    problems.add(at, `script ${name} is empty: export a default function, or functions named by options.scenarios.`);
    return undefined;
  }
  const module = moduleOf({ name, text, folder });
  if ("problem" in module) {
    problems.add(at, module.problem);
    return undefined;
  }
  return Buffer.from(module.text);
}

/** Of one file its own, which `sha256sum` gives too. */
function digestOf(files: Record<string, Buffer>): string {
  const digests = Object.entries(files).map(([name, content]) => [name, sha256(content)]);
  return digests.length === 1 ? digests[0][1] : sha256(JSON.stringify(digests.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
