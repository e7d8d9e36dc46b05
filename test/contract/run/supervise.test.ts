import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { executable } from "../../support/executables";
import { RunGroup, type Outcome } from "../../support/run-group";

/** Its thresholds, most of them not ASCII, are more than a termination message holds. */
const script = (duration: string) => `
  import { sleep } from 'k6';
  const thresholds = Object.fromEntries(Array.from({ length: 80 }, (_, i) => ['iterations{name:Ááé' + i + '}', ['count>=0']]));
  export const options = { vus: 1, duration: '${duration}', thresholds, teardownTimeout: '60s' };
  export default function () { sleep(0.1); }
  export function teardown() { console.log('teardown began'); sleep(Number(__ENV.TEARDOWN || 0)); console.log('teardown ended'); }
`;

describe("the shell that looks after k6 in a runner", function () {
  this.timeout(60_000);
  let folder: string;
  let group: RunGroup;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-supervise-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => group.dispose());

  async function run(
    source: string,
    acts: (running: RunGroup) => Promise<unknown> = () => Promise.resolve(),
    { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
  ): Promise<Outcome> {
    group = await RunGroup.start(executable("k6"), { script: source, runners: 1, args, env });
    const ended = group.end();
    await acts(group);
    return ended;
  }

  /** A cpu.stat as the kernel writes it; whoever reads it never sees half of one. */
  function stat(periods: number, throttled: number): void {
    const text = `usage_usec 1\nnr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_usec 5\n`;
    writeFileSync(path.join(folder, "cpu.stat.new"), text);
    renameSync(path.join(folder, "cpu.stat.new"), path.join(folder, "cpu.stat"));
  }
  const env = () => ({ CPU_STAT: path.join(folder, "cpu.stat") });

  it("tells how often the load was held up, and not what k6 took to come up, in a message that fits", async () => {
    stat(10, 9);
    const { exitCodes, totals } = await run(
      script("5s"),
      async (running) => {
        const started = running.heard("started");
        await running.heard("setup");
        stat(1000, 900);
        await started;
        for (let i = 1; i <= 5; i++) {
          stat(1000 + 10 * i, 900 + 4 * i);
          await sleep(900);
        }
      },
      { env: env() },
    );
    assert.deepEqual(exitCodes, [0]);
    const { cpu, durationMs, thresholds } = totals[0]!;
    assert.ok(cpu !== undefined && cpu.periods >= 20 && cpu.periods <= 50, JSON.stringify(totals));
    assert.equal(cpu.throttledPeriods / cpu.periods, 0.4);
    assert.ok(durationMs >= 5000 && thresholds!.length > 10);
    assert.ok(Buffer.byteLength(group.message(0) ?? "") < 4096);
  });

  for (const [what, content] of [
    ["there is no cpu.stat", undefined],
    ["it counts no periods", "usage_usec 5\n"],
    ["there is no limit of CPU", "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n"],
  ] as const) {
    it(`says nothing of it where ${what}`, async () => {
      rmSync(path.join(folder, "cpu.stat"), { force: true });
      if (content !== undefined) {
        writeFileSync(path.join(folder, "cpu.stat"), content);
      }
      const { exitCodes, totals } = await run(script("3s"), undefined, { env: env() });
      assert.deepEqual(exitCodes, [0]);
      assert.ok(totals[0] !== undefined && totals[0].iterations > 20 && !("cpu" in totals[0]), JSON.stringify(totals));
    });
  }

  it("leaves no message where the script threw as it was loaded", async () => {
    const { exitCodes } = await run("undefinedHelper(); export default function () {}", async (running) => {
      await sleep(3000);
      running.signal(0, "SIGKILL");
    });
    assert.deepEqual([exitCodes, group.message(0)], [[107], undefined]);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`hands on ${signal}, at which k6 ends with teardown() and totals`, async () => {
      const { exitCodes, totals, logs } = await run(
        script("1h"),
        async (running) => {
          await running.heard("started");
          await sleep(1000);
          running.signal(0, signal);
        },
        { args: ["-e", "TEARDOWN=1"] },
      );
      assert.deepEqual(exitCodes, [105]);
      assert.match(logs[0], /teardown ended/);
      assert.ok((totals[0]?.iterations ?? 0) > 5);
    });
  }

  it("hands on a second signal, at which k6 ends at once", async () => {
    let toldAt = NaN;
    const { exitCodes, logs } = await run(
      script("1h"),
      async (running) => {
        await running.heard("started");
        running.signal(0, "SIGTERM");
        await sleep(1500);
        running.signal(0, "SIGTERM");
        toldAt = Date.now();
      },
      { args: ["-e", "TEARDOWN=50"] },
    );
    assert.deepEqual(exitCodes, [105]);
    assert.ok(Date.now() - toldAt < 3000);
    assert.match(logs[0], /teardown began/);
    assert.doesNotMatch(logs[0], /teardown ended/);
  });

  it("hands on a signal that came before there was a k6", async () => {
    const slow = path.join(folder, "mktemp");
    writeFileSync(slow, "#!/bin/sh\nsleep 2\n");
    chmodSync(slow, 0o755);
    const begunAt = Date.now();
    const { exitCodes } = await run(
      script("1h"),
      async (running) => {
        await sleep(1000);
        running.signal(0, "SIGTERM");
      },
      { env: { PATH: `${folder}:${path.dirname(executable("k6"))}:${process.env.PATH}` } },
    );
    rmSync(slow);
    assert.deepEqual(exitCodes, [105]);
    assert.ok(Date.now() - begunAt < 15_000);
  });

  it("ends as k6 did where that was killed", async () => {
    const { exitCodes } = await run(script("1h"), async (running) => {
      await running.heard("started");
      await running.killK6(0);
    });
    assert.deepEqual([exitCodes, group.message(0)], [[137], undefined]);
  });
});
