import type { Entry } from "../build/archive";

/** Where programs are looked for in the lab's images. */
export const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Folders, all of them root's and open to read. */
export function folders(...paths: string[]): Entry[] {
  return paths.map((path) => ({ kind: "folder", path, mode: 0o755 }));
}

/** A folder that one user owns. */
export function folderOf(owner: number, path: string): Entry {
  return { kind: "folder", path, mode: 0o755, owner };
}

/** A folder for temporary files, as every system has it. */
export const temporary: Entry = { kind: "folder", path: "tmp", mode: 0o1777 };

/** The user database with one user in it: programs that ask for their own name or home get an answer. */
export function user(name: string, id: number, home: string): Entry[] {
  return [
    { kind: "file", path: "etc/passwd", mode: 0o644, content: { text: `${name}:x:${id}:${id}::${home}:/bin/sh\n` } },
    { kind: "file", path: "etc/group", mode: 0o644, content: { text: `${name}:x:${id}:\n` } },
  ];
}
