import assert from "node:assert/strict";
import path from "node:path";
import { execa } from "execa";
import { parseBarrierLine, type BarrierLine } from "../../../components/run/barrier-line";
import { maxRunners } from "../../../components/kube/names";
import { executable } from "../../support/executables";
import { StandinRunners } from "../../support/standin-runners";

const barrier = path.join(__dirname, "../../../components/run/harness/k6/barrier.js");

/** The barrier as it runs beside runner 0, k6 and all. */
async function pass(runners: StandinRunners, startDeadlineSeconds: number): Promise<BarrierLine[]> {
  const env = { RUNNERS: String(runners.asked.length), PEER: runners.url, START_DEADLINE: String(startDeadlineSeconds) };
  const given = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const quiet = ["--quiet", "--no-summary", "--no-thresholds", "--no-usage-report", "--address", ""];
  const log = ["--log-output", "stdout", "--log-format", "raw"];
  const { stdout } = await execa(executable("k6"), ["run", ...quiet, ...log, ...given, barrier]);
  return stdout.split("\n").flatMap((line) => parseBarrierLine(line) ?? []);
}

describe(`the barrier before up to ${maxRunners} stand-ins of runners`, function () {
  this.timeout(60_000);
  let runners: StandinRunners;
  let lines: BarrierLine[];

  describe("that come up one after the other within 3 s", () => {
    before(async () => {
      // In no order, as pods come up.
      runners = await StandinRunners.start(maxRunners, (index) => ((index * 617) % maxRunners) * 3);
      lines = await pass(runners, 30);
    });
    after(() => runners.stop());

    it("starts each of them once, when it has what setup() made", () => {
      assert.deepEqual(
        lines.map((line) => line["pulumi-k6"]),
        ["setup", "started"],
      );
      assert.deepEqual([...new Set(runners.asked.map(({ startedAt }) => startedAt.length))], [1]);
      assert.deepEqual(
        runners.asked.flatMap(({ isGiven }, index) => (isGiven ? [] : [index])),
        [0],
      );
      assert.ok(runners.asked.every(({ isStopped }) => !isStopped));
    });

    it("bounds the skew that they see", () => {
      const times = runners.asked.map(({ startedAt }) => startedAt[0]);
      const [first, last] = [Math.min(...times), Math.max(...times)];
      const line = lines[1];
      assert.ok(line["pulumi-k6"] === "started");
      console.log(`        ${maxRunners} runners told to start within ${last - first} ms, skew said to be ${line.skewMs} ms`);
      assert.ok(line.at <= first && last <= line.at + line.skewMs);
      assert.ok(line.skewMs < 1000, `${line.skewMs} ms`);
    });

    it("asks them a few times each at most while it waits", () => {
      const looks = runners.asked.reduce((sum, asked) => sum + asked.looks, 0);
      console.log(`        ${looks} looks at ${maxRunners} runners`);
      assert.ok(looks >= maxRunners && looks < 2 * maxRunners, `${looks} looks`);
    });
  });

  it("asks again at once where its first question was lost, as before policies know a new pod", async () => {
    runners = await StandinRunners.start(
      8,
      () => 0,
      (index) => index % 3 === 1,
    );
    await pass(runners, 30).finally(() => runners.stop());
    const tookMs = runners.asked[0].startedAt[0] - Math.min(...runners.asked.map(({ firstLookAt }) => firstLookAt ?? Infinity));
    assert.ok(runners.asked.every(({ startedAt }) => startedAt.length === 1));
    // What TCP itself would take to send it again is a second.
    assert.ok(tookMs < 700, `${tookMs} ms`);
  });

  it("stops them all at the deadline when some are not ready, and counts and names those", async () => {
    const late = new Set(Array.from({ length: 60 }, (_, i) => 7 + i * 16));
    runners = await StandinRunners.start(maxRunners, (index) => (late.has(index) ? Infinity : 0));
    const [line] = await pass(runners, 2).finally(() => runners.stop());
    assert.ok(line["pulumi-k6"] === "not-started" && line.at === "missing");
    assert.equal(line.missingCount, late.size);
    assert.deepEqual(
      line.missing,
      [...late].slice(0, 50).map((index) => ({ index, status: 1 })),
    );
    assert.ok(runners.asked.every(({ isStopped, startedAt }) => isStopped && startedAt.length === 0));
    // The engine reads it from a log, which may tear longer lines.
    assert.ok(JSON.stringify(line).length < 4096);
  });
});
