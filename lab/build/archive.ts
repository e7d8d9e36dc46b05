import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { Header } from "tar";

/** One thing in an archive. Paths are relative, without a slash at either end; folders come before what is in them. */
export type Entry = { path: string; mode: number; /** @default 0 */ owner?: number } & (
  { kind: "folder" } | { kind: "link"; target: string } | { kind: "file"; content: Content }
);

/** Text, or the path of a file. */
export type Content = { text: string } | { file: string };

/** A file by its digest, as OCI manifests name it. */
export interface Blob {
  digest: string;
  size: number;
}

const blockSize = 512;

/** Writes a tar archive that depends on the entries alone: all times are the epoch's start, owners are numbers. */
export async function writeArchive(path: string, entries: readonly Entry[]): Promise<Blob> {
  const file = await open(path, "w");
  try {
    const writer = new Writer(file);
    for (const entry of entries) {
      await append(writer, entry);
    }
    await writer.write(Buffer.alloc(2 * blockSize));
    return writer.written();
  } finally {
    await file.close();
  }
}

async function append(writer: Writer, entry: Entry): Promise<void> {
  const size = entry.kind === "file" ? await sizeOf(entry.content) : 0;
  await writer.write(headerOf(entry, size));
  if (entry.kind !== "file") {
    return;
  }
  if ("text" in entry.content) {
    await writer.write(Buffer.from(entry.content.text));
  } else {
    for await (const chunk of createReadStream(entry.content.file, { highWaterMark: 1 << 20 })) {
      await writer.write(chunk as Buffer);
    }
  }
  await writer.write(Buffer.alloc((blockSize - (size % blockSize)) % blockSize));
}

function headerOf(entry: Entry, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  const header = new Header({
    path: entry.kind === "folder" ? `${entry.path}/` : entry.path,
    mode: entry.mode,
    uid: entry.owner ?? 0,
    gid: entry.owner ?? 0,
    size,
    mtime: new Date(0),
    type: ({ folder: "Directory", link: "SymbolicLink", file: "File" } as const)[entry.kind],
    linkpath: entry.kind === "link" ? entry.target : undefined,
  });
  if (header.encode(block)) {
    throw new Error(`archive: ${entry.path} does not fit a plain tar header; use a shorter path`);
  }
  return block;
}

async function sizeOf(content: Content): Promise<number> {
  return "text" in content ? Buffer.byteLength(content.text) : (await stat(content.file)).size;
}

class Writer {
  private readonly hash = createHash("sha256");
  private size = 0;

  constructor(private readonly file: FileHandle) {}

  async write(bytes: Buffer): Promise<void> {
    this.hash.update(bytes);
    this.size += bytes.length;
    await this.file.writeFile(bytes);
  }

  written(): Blob {
    return { digest: `sha256:${this.hash.digest("hex")}`, size: this.size };
  }
}
