import { strict as assert } from "node:assert";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPart } from "../../../lab/build/build-part";
import { catalog } from "../../../lab/build/catalog";
import type { BuildPlace, Part } from "../../../lab/build/part";
import { consoleProgress, describe as line } from "../../../lab/build/progress";

const quiet = { started: () => {}, noted: () => {}, ended: () => {} };

describe("building a part", () => {
  let folder: string;
  const partThat = (build: (place: BuildPlace) => Promise<void>): Part => ({
    name: "kube",
    title: "Kubernetes",
    files: ["kube"],
    sources: [],
    settings: {},
    uses: [],
    build,
  });
  const build = (part: Part, stop = new AbortController().signal): Promise<void> => {
    const step = { index: 1, count: 1, title: part.title, log: join(folder, "logs", "build-kube.log") };
    return buildPart(part, step, () => join(folder, "parts", "kube-1"), quiet, stop);
  };
  const node = (script: string): Part =>
    partThat(({ run, out }) => run({ program: process.execPath, args: ["-e", script], cwd: out, env: { NAME: "kube" } }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "part-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps the files and a log of what was run and printed", async () => {
    await build(node(`console.log("compiling"); require("fs").writeFileSync(process.env.NAME, "")`));
    assert.deepEqual(await readdir(join(folder, "parts", "kube-1")), ["kube"]);
    assert.match(await readFile(join(folder, "logs", "build-kube.log"), "utf8"), /^\$ .* -e .*\ncompiling\n$/s);
  });

  it("does nothing when another process has built it meanwhile", async () => {
    await build(node(`require("fs").writeFileSync(process.env.NAME, "")`));
    await build(partThat(() => assert.fail("built twice")));
  });

  it("says on failure which part, the cause, the log with its last lines and what to do", async () => {
    const failing = build(node(`console.error("main.go:7: undefined: x"); process.exit(3)`));
    await assert.rejects(failing, ({ message }: Error) => {
      assert.match(message, /^lab part "Kubernetes": .*: exit code 3\. Log: .*build-kube\.log\n/);
      assert.match(message, /\n {2}\| main\.go:7: undefined: x\n/);
      assert.match(message, /run the same command again.*STACK=dev/);
      return true;
    });
  });

  it("names a program that is missing and how to get it", async () => {
    const failing = partThat(({ run, out }) => run({ program: "go", args: ["build"], cwd: out, env: { PATH: folder } }));
    await assert.rejects(build(failing), /go is not on PATH\. Install Go .*\. Log: /);
  });

  it("ends the program when it is told to stop", async () => {
    const stop = new AbortController();
    const running = build(node("setInterval(() => {}, 1000)"), stop.signal);
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(running, /lab part "Kubernetes"/);
  });

  it("refuses a build that ended well but made nothing", async () => {
    await assert.rejects(build(node("")), /kube-1 lacks kube/);
    assert.deepEqual(await readdir(join(folder, "parts")), []);
  });
});

describe("the catalogue of parts", () => {
  const { programs, images, order } = catalog("go1.26.8 linux amd64 v1");

  it("builds each part once and after all that it is made from", () => {
    assert.equal(new Set(order.map(({ name }) => name)).size, order.length);
    for (const part of order) {
      const before = order.slice(0, order.indexOf(part));
      assert.ok(
        [...part.uses, ...(part.after === undefined ? [] : [part.after])].every((used) => before.includes(used)),
        part.name,
      );
    }
  });

  it("has the programs and images that the lab is started with", () => {
    assert.deepEqual(programs.map(({ name }) => name).sort(), [
      ..."coredns influxd k6 kube netpol pulumi pulumi-language-nodejs pulumi-resource-kubernetes pulumi-resource-random target telegraf".split(
        " ",
      ),
    ]);
    assert.deepEqual(
      images.map(({ reference }) => reference),
      ["k6:1.1.0", "influxdb:2.9.1", "telegraf:1.37.2", "coredns:1.14.7", "target:1", "pause:1"].map(
        (name) => `lab.local/${name}`,
      ),
    );
  });
});

describe("progress without a terminal", () => {
  it("prints a line when a step starts, waits and ends, with its place, its time and its log", () => {
    const printed: string[] = [];
    let now = 0;
    const progress = consoleProgress({ write: (text) => printed.push(text) }, () => now);
    const step = { index: 3, count: 17, title: "Kubernetes", log: "build-kube.log" };
    progress.started(step);
    now = 72_000;
    progress.noted(step, "waits for another process");
    progress.noted(step);
    progress.ended(step, "done");
    assert.deepEqual(printed.join("").split("\n"), [
      "[ 3/17] Kubernetes started (log: build-kube.log)",
      "[ 3/17] Kubernetes ... 1:12 (waits for another process; log: build-kube.log)",
      "[ 3/17] Kubernetes done 1:12",
      "",
    ]);
  });

  it("keeps the log's place in the line of a failure", () =>
    assert.equal(line({ index: 1, count: 1, title: "k6", log: "a.log" }, "failed", 500), "[1/1] k6 failed 0:01 (log: a.log)"));
});
