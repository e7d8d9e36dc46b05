import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwanted } from "../../../lab/build/clean";
import type { Part } from "../../../lab/build/part";
import { isHeld, isKept, keep, lockOf, withLock } from "../../../lab/build/store";

describe("the cache of parts", () => {
  let cache: string;
  let folder: string;
  const part = { files: ["kube"] } as unknown as Part;
  const make = async (out: string): Promise<void> => writeFile(join(out, "kube"), "binary");

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "store-"));
    folder = join(cache, "kube-0123456789abcdef");
  });
  afterEach(() => rm(cache, { recursive: true }));

  it("shows a folder only when it is whole", async () => {
    await keep(folder, async (out) => {
      await make(out);
      assert.equal(await isKept(part, folder), false);
    });
    assert.equal(await isKept(part, folder), true);
    assert.deepEqual(await readdir(cache), ["kube-0123456789abcdef"]);
  });

  it("leaves nothing of a build that failed", async () => {
    const failing = keep(folder, async (out) => {
      await make(out);
      throw new Error("no space left");
    });
    await assert.rejects(failing, /no space left/);
    assert.deepEqual(await readdir(cache), []);
  });

  it("does not take a folder for kept that has lost a file", async () => {
    await mkdir(folder);
    assert.equal(await isKept(part, folder), false);
  });

  it("removes what a killed build left and builds anew over a damaged folder", async () => {
    await mkdir(join(`${folder}.unfinished-1`, "out"), { recursive: true });
    await mkdir(folder);
    await keep(folder, make);
    assert.deepEqual(await readdir(cache), ["kube-0123456789abcdef"]);
    assert.equal(await isKept(part, folder), true);
  });

  it("lets two builds of a part follow each other, and the second is told that it waits", async () => {
    const events: string[] = [];
    let letGo = (): void => {};
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const first = withLock(folder, assert.fail, async () => {
      await released;
      events.push("first done");
    });
    while (!(await isHeld(folder))) {
      await new Promise(setImmediate);
    }
    const waits = (): void => {
      events.push("second waits");
      letGo();
    };
    await withLock(folder, waits, () => Promise.resolve(events.push("second works")));
    await first;
    assert.deepEqual(events, ["second waits", "first done", "second works"]);
  });

  it("frees the lock when the work fails", async () => {
    await assert.rejects(
      withLock(folder, assert.fail, () => Promise.reject(new Error("broken"))),
      /broken/,
    );
    assert.equal(await isHeld(folder), false);
  });

  it("takes over the lock of a process that died", async () => {
    await mkdir(lockOf(folder));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lockOf(folder), longAgo, longAgo);
    assert.equal(await withLock(folder, assert.fail, () => Promise.resolve("worked")), "worked");
  });
});

describe("unwanted", () => {
  it("names old keys and unfinished folders, never wanted folders or locks", () => {
    const entries = ["kube-new", "kube-new.lock", "kube-new.unfinished-12", "kube-old", "kube-old.unfinished-7"];
    assert.deepEqual(unwanted(entries, new Set(["kube-new"])), ["kube-new.unfinished-12", "kube-old", "kube-old.unfinished-7"]);
  });
});
