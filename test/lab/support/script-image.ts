import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { busyboxPart } from "../../../lab/build/busybox";
import { buildFolders } from "../../../lab/build/folders";
import { imageFile, imagePart } from "../../../lab/build/image-part";
import { k6Part } from "../../../lab/build/k6";
import { partFolders } from "../../../lab/build/parts";
import { labLoad } from "../../../lab/cluster/commands";
import { currentLayout } from "../../../lab/cluster/record";
import { k6Image } from "../../../lab/images/k6";
import { folders } from "../../../lab/images/root";

/** Loads an image with k6 and files of a folder `/app` into the lab. @returns its reference */
export async function loadScriptImage(files: Record<string, string>): Promise<string> {
  const [k6, busybox] = [k6Part(), busyboxPart()];
  const image = k6Image(k6, busybox);
  const reference = "lab.local/k6-with-script:1";
  const own = Object.entries(files).map(
    ([name, text]) => ({ kind: "file", path: `app/${name}`, mode: 0o644, content: { text } }) as const,
  );
  const inside = [...new Set(Object.keys(files).map((name) => path.posix.join("app", path.posix.dirname(name))))].sort();
  const part = imagePart({
    ...image,
    reference,
    title: "k6 with a script",
    entries: [...image.entries, ...folders(...inside), ...own],
  });
  const folderOf = await partFolders([k6, busybox], buildFolders());
  const work = await mkdtemp(path.join(tmpdir(), "pulumi-k6-image-"));
  try {
    const run = () => Promise.reject(new Error("nothing is built here but the archive"));
    await part.build({ out: work, work, run, fileOf: (of, file) => path.join(folderOf(of), file) });
    await labLoad(currentLayout(), path.join(work, imageFile));
  } finally {
    await rm(work, { recursive: true });
  }
  return reference;
}
