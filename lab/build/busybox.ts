import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { arch } from "node:process";
import type { BuildPlace, Part } from "./part";

/** A static busybox from Debian, unpacked and not installed. Which of Debian's revisions it is does not matter here. */
export function busyboxPart(): Part {
  return {
    name: "busybox",
    title: "busybox",
    files: ["busybox"],
    sources: [],
    settings: { arch, from: "Debian" },
    uses: [],
    build,
  };
}

async function build({ out, work, run }: BuildPlace): Promise<void> {
  const download = async (): Promise<void> => run({ program: "apt-get", args: ["download", "busybox-static"], cwd: work });
  // A fresh machine has no package lists, an old one lists packages that are gone.
  await download().catch(async () => {
    await run({ program: "apt-get", args: ["update"], cwd: work });
    await download();
  });
  const packages = (await readdir(work)).filter((name) => name.endsWith(".deb"));
  await run({ program: "dpkg-deb", args: ["-x", packages[0], "package"], cwd: work });
  await copyFile(join(work, "package", "bin", "busybox"), join(out, "busybox"));
}
