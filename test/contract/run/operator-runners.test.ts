import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { parseBarrierLine } from "../../../components/run/barrier-line";
import { configMapContents } from "../../../components/run/harness/files";
import { segmentFlags } from "../../simulator/runner";
import { executable } from "../../support/executables";

const script = `
  import { sleep } from 'k6';
  export const options = { vus: 2, duration: '3s' };
  export function setup() { console.log('setup ran'); sleep(2); return { token: 'T1' }; }
  export default function (data) {
    if (data?.token !== 'T1') { throw new Error('no token'); }
    sleep(0.1);
  }
  export function teardown() { console.log('teardown ran'); }
`;

describe("runners as k6-operator starts them, all by one command line", function () {
  this.timeout(60_000);
  // Below the ports that the system hands out, and not where other groups of runners look.
  const port = 16000 + 10 * (process.pid % 300);
  const urls = [0, 1].map((index) => `http://127.0.0.1:${port + index}`);
  let folder: string;
  let runners: ReturnType<typeof startRunner>[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-operator-"));
    const [content] = configMapContents({
      entry: "./script.js",
      isArchive: false,
      files: { "script.js": Buffer.from(script) },
    });
    Object.entries(content.data).forEach(([name, text]) => writeFileSync(path.join(folder, name), text));
    runners = [0, 1].map((index) => startRunner(index));
  });

  afterEach(() => {
    runners.forEach(({ pid }) => {
      try {
        process.kill(-(pid ?? NaN), "SIGKILL");
      } catch {
        // All of it has ended.
      }
    });
    rmSync(folder, { recursive: true, force: true });
  });

  function startRunner(index: number) {
    const args = [
      path.join(folder, "operator.sh"),
      "run",
      "--quiet",
      ...segmentFlags(index + 1, 2),
      ...["--no-setup", "--no-usage-report", "--include-system-env-vars=false"],
      ...["-e", `PULUMI_K6_TOTALS=${path.join(folder, `totals-${index}`)}`],
      path.join(folder, "main.js"),
      `--address=127.0.0.1:${port + index}`,
      "--paused",
    ];
    const env = {
      PATH: `${folder}:${path.dirname(executable("k6"))}:${process.env.PATH}`,
      FOLDER: folder,
      RUNNER: `shop-12345678-${index + 1}`,
      RUNNERS: "2",
      PEER: `http://127.0.0.1:${Math.floor(port / 10)}{index}`,
      OWN: urls[index],
      START_DEADLINE: "20",
      ...{ DEADLINE: "50", GRACE: "5" },
    };
    return execa("sh", args, { env, extendEnv: false, all: true, reject: false, detached: true });
  }

  /** What the kubelet asks to know whether a runner is ready. */
  async function isReady(index: number): Promise<boolean> {
    try {
      return (await fetch(`${urls[index]}/v1/metrics/data_sent`)).status === 200;
    } catch {
      return false;
    }
  }

  async function ready(index: number): Promise<void> {
    while (!(await isReady(index))) {
      await sleep(50);
    }
  }

  /** Returns once the barrier has found both paused, and runner 0 is at work on setup(). */
  function settingUp(): Promise<void> {
    return new Promise((resolve) => {
      let log = "";
      runners[0].all?.on("data", (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes("setup ran")) {
          resolve();
        }
      });
    });
  }

  /** What k6-operator's starter does. */
  async function resume(index: number): Promise<void> {
    const body = JSON.stringify({ data: { type: "status", id: "default", attributes: { paused: false, stopped: false } } });
    const headers = { "Content-Type": "application/json" };
    const { status } = await fetch(`${urls[index]}/v1/status`, { method: "PATCH", headers, body });
    assert.equal(status, 200);
  }

  function barrierOf(log: string) {
    return log.split("\n").flatMap((line) => parseBarrierLine(line) ?? []);
  }

  it("are ready once they can be started, runner 0 after setup(), and tell of the start", async () => {
    await ready(1);
    assert.equal(await isReady(0), false, "runner 0 is ready before setup() is done");
    await ready(0);
    // The pause in which k6-operator makes its starter.
    await sleep(500);
    const before = Date.now();
    await resume(1);
    await resume(0);
    const ended = await Promise.all(runners);
    assert.deepEqual(
      ended.map(({ exitCode }) => exitCode),
      [0, 0],
    );
    const logs = ended.map(({ all }) => String(all));
    assert.deepEqual(
      ["setup ran", "teardown ran"].map((said) => logs.map((log) => log.split(said).length - 1)),
      [
        [1, 0],
        [1, 0],
      ],
    );
    assert.ok(!logs.some((log) => log.includes("no token")), "a VU did not get what setup() made");
    const started = barrierOf(logs[0]).at(-1);
    assert.ok(started?.["pulumi-k6"] === "started", JSON.stringify(started));
    assert.ok(started.at <= Date.now() && started.at >= before - 1000 && started.skewMs < 1000, JSON.stringify(started));
  });

  it("are stopped when one was started before it was given the result of setup()", async () => {
    // The process beside runner 1 looks for one that is paused, and would go on looking.
    await Promise.all([settingUp(), ready(1)]);
    await resume(1);
    const ended = await Promise.all(runners);
    const said = barrierOf(String(ended[0].all)).at(-1);
    assert.ok(said?.["pulumi-k6"] === "not-started", JSON.stringify(said));
    assert.match(said.cause ?? "", /a runner was started before it was given the result of setup\(\)/);
    // k6's exit code for a stop by its API.
    assert.equal(ended[0].exitCode, 103);
  });
});
