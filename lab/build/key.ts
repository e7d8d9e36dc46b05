import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { Part } from "./part";

// 64 bits: a chance hit between the few dozen keys of a cache is out of the question, and paths stay readable.
const keyLength = 16;

/** Gives every part's content key: 16 hex digits over its sources, its settings and the keys of the parts it uses. */
export class Keys {
  private readonly known = new Map<Part, Promise<string>>();

  /** @param root folder that the parts' sources are in; where it is does not matter to a key */
  constructor(private readonly root: string) {}

  of(part: Part): Promise<string> {
    const key = this.known.get(part) ?? this.compute(part);
    this.known.set(part, key);
    return key;
  }

  private async compute({ name, files, settings, sources, uses }: Part): Promise<string> {
    const [digests, keys] = await Promise.all([
      sourceDigests(this.root, sources),
      Promise.all(uses.map((part) => this.of(part))),
    ]);
    return sha256(JSON.stringify({ name, files, settings, digests, keys })).slice(0, keyLength);
  }
}

/** Digests of the source files by their path under `root`, in order; tests are no source. */
async function sourceDigests(root: string, sources: readonly string[]): Promise<[string, string][]> {
  const files = (await Promise.all(sources.map((source) => filesIn(source)))).flat().sort();
  return Promise.all(files.map(async (file) => [relative(root, file), sha256(await readFile(file))] as [string, string]));
}

async function filesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile() && !isTest(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}

function isTest(path: string): boolean {
  return /(_test\.go|\.test\.ts)$/.test(basename(path));
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
