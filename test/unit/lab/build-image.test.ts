import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract, list, type ReadEntry } from "tar";
import type { Entry } from "../../../lab/build/archive";
import { writeArchive } from "../../../lab/build/archive";
import { architecture, writeImage } from "../../../lab/build/image";

interface Manifest {
  config: { digest: string; size: number };
  layers: { digest: string; size: number; mediaType: string }[];
}

describe("an image archive", () => {
  let folder: string;
  const config = { Entrypoint: ["k6"], User: "12345:12345" };
  const entries = (): Entry[] => [
    { kind: "folder", path: "tmp", mode: 0o1777 },
    { kind: "folder", path: "home", mode: 0o755, owner: 12345 },
    { kind: "link", path: "sh", mode: 0o777, target: "busybox" },
    { kind: "file", path: "k6", mode: 0o755, content: { file: join(folder, "k6") } },
    { kind: "file", path: "passwd", mode: 0o644, content: { text: "k6:x:12345:12345::/home/k6:/bin/sh\n" } },
  ];
  const write = async (name: string): Promise<Buffer> => {
    await mkdir(join(folder, name));
    await writeImage(join(folder, `${name}.tar`), join(folder, name), "lab.local/k6:1.1.0", entries(), config);
    return readFile(join(folder, `${name}.tar`));
  };
  const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(folder, "out", path), "utf8"));
  const blob = (digest: string): string => join("blobs", ...digest.split(":"));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-"));
    await writeFile(join(folder, "k6"), "a program".repeat(1000));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is the same bytes for the same content, whenever that was made", async () => {
    const first = await write("first");
    await utimes(join(folder, "k6"), new Date(1e12), new Date(1e12));
    assert.ok(first.equals(await write("second")));
  });

  it("carries its full reference for containerd and its tag for others", async () => {
    await unpacked(await write("image"));
    const index = (await json("index.json")) as { manifests: { annotations: Record<string, string>; platform: unknown }[] };
    assert.deepEqual(index.manifests[0].annotations, {
      "io.containerd.image.name": "lab.local/k6:1.1.0",
      "org.opencontainers.image.ref.name": "1.1.0",
    });
    assert.deepEqual(index.manifests[0].platform, { architecture, os: "linux" });
  });

  it("names every blob by its digest and size, from the index to the layer", async () => {
    await unpacked(await write("image"));
    const index = (await json("index.json")) as { manifests: { digest: string; size: number }[] };
    const manifest = (await json(blob(index.manifests[0].digest))) as Manifest;
    for (const { digest, size } of [index.manifests[0], manifest.config, manifest.layers[0]]) {
      const bytes = await readFile(join(folder, "out", blob(digest)));
      assert.equal(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, digest);
      assert.equal(bytes.length, size);
    }
    const image = (await json(blob(manifest.config.digest))) as { config: unknown; rootfs: { diff_ids: string[] } };
    assert.deepEqual(image.config, config);
    assert.deepEqual(image.rootfs.diff_ids, [manifest.layers[0].digest]);
  });

  it("keeps modes, owners, links and contents in its layer", async () => {
    await writeArchive(join(folder, "layer.tar"), entries());
    const found: Record<string, unknown[]> = {};
    await list({
      file: join(folder, "layer.tar"),
      onReadEntry: ({ path, type, mode, uid, size, linkpath }: ReadEntry) => {
        found[path] = [type, (mode ?? 0).toString(8), uid, size, linkpath];
      },
    });
    assert.deepEqual(found, {
      "tmp/": ["Directory", "1777", 0, 0, undefined],
      "home/": ["Directory", "755", 12345, 0, undefined],
      sh: ["SymbolicLink", "777", 0, 0, "busybox"],
      k6: ["File", "755", 0, 9000, undefined],
      passwd: ["File", "644", 0, 35, undefined],
    });
  });

  it("refuses a path that a plain header cannot hold", async () => {
    const entry: Entry = { kind: "file", path: "x".repeat(300), mode: 0o644, content: { text: "" } };
    await assert.rejects(writeArchive(join(folder, "layer.tar"), [entry]), /use a shorter path/);
  });

  async function unpacked(archive: Buffer): Promise<void> {
    await mkdir(join(folder, "out"));
    await writeFile(join(folder, "in.tar"), archive);
    await extract({ file: join(folder, "in.tar"), cwd: join(folder, "out") });
  }
});
