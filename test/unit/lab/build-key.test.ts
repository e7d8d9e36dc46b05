import { strict as assert } from "node:assert";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Keys } from "../../../lab/build/key";
import type { Part } from "../../../lab/build/part";

describe("a part's content key", () => {
  let root: string;
  const part = (folder: string, more: Partial<Part> = {}): Part => ({
    name: "kube",
    title: "Kubernetes",
    files: ["kube"],
    sources: [join(folder, "go.mod"), join(folder, "kube")],
    settings: { flags: ["-trimpath"] },
    uses: [],
    build: () => Promise.resolve(),
    ...more,
  });
  const keyOf = (folder: string, more?: Partial<Part>): Promise<string> => new Keys(folder).of(part(folder, more));

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "key-"));
    await mkdir(join(root, "kube"));
    await writeFile(join(root, "go.mod"), "module kube\n");
    await writeFile(join(root, "kube", "main.go"), "package main\n");
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is 16 hexadecimal digits", async () => assert.match(await keyOf(root), /^[0-9a-f]{16}$/));

  it("changes with a source file's content", async () => {
    const before = await keyOf(root);
    await writeFile(join(root, "kube", "main.go"), "package main // changed\n");
    assert.notEqual(await keyOf(root), before);
  });

  it("changes with a new source file", async () => {
    const before = await keyOf(root);
    await writeFile(join(root, "kube", "more.go"), "package main\n");
    assert.notEqual(await keyOf(root), before);
  });

  it("changes with the flags", async () => assert.notEqual(await keyOf(root, { settings: { flags: [] } }), await keyOf(root)));

  it("changes with what a part that it uses is made of", async () => {
    const using = (settings: unknown): Promise<string> => keyOf(root, { uses: [part(root, { name: "busybox", settings })] });
    assert.notEqual(await using("1.35"), await using("1.36"));
  });

  it("is the same in another checkout, with other file times, titles and tests", async () => {
    const other = await mkdtemp(join(tmpdir(), "key-"));
    await cp(root, other, { recursive: true });
    await writeFile(join(other, "kube", "main_test.go"), "package main\n");
    assert.equal(await keyOf(other, { title: "another title" }), await keyOf(root));
    await rm(other, { recursive: true });
  });
});
