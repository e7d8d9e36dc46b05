import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { configMapContents } from "../../../components/run/harness/files";
import { parseTotals } from "../../../components/run/observe";
import { executable } from "../../support/executables";

/** Goes on for an hour; its teardown() takes as long as it is told. */
const script = `
  import { sleep } from 'k6';
  export const options = { vus: 2, duration: '1h', teardownTimeout: '60s' };
  export default function () { sleep(0.1); }
  export function teardown() { console.log('teardown began'); sleep(Number(__ENV.TEARDOWN)); console.log('teardown ended'); }
`;

describe("a runner of k6-operator that nobody ends", function () {
  this.timeout(60_000);
  let folder: string;
  let group: number | undefined;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-deadline-"));
    const [content] = configMapContents({
      entry: "./script.js",
      isArchive: false,
      files: { "script.js": Buffer.from(script) },
    });
    Object.entries(content.data).forEach(([name, text]) => writeFileSync(path.join(folder, name), text));
  });

  afterEach(() => {
    try {
      process.kill(-(group ?? NaN), "SIGKILL");
    } catch {
      // All of it has ended.
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(teardownSeconds: number, graceSeconds: number) {
    const args = ["run", "--quiet", "--no-usage-report", "--address", "", "-e", `TEARDOWN=${teardownSeconds}`];
    const totals = path.join(folder, "totals");
    const log = openSync(path.join(folder, "log"), "w");
    const begun = Date.now();
    const command = spawn(
      "sh",
      [path.join(folder, "operator.sh"), ...args, "-e", `PULUMI_K6_TOTALS=${totals}`, path.join(folder, "main.js")],
      {
        env: {
          PATH: `${folder}:${path.dirname(executable("k6"))}:${process.env.PATH}`,
          FOLDER: folder,
          RUNNER: "shop-12345678-1",
          ...{ RUNNERS: "1", PEER: "http://127.0.0.1:1", OWN: "http://127.0.0.1:1", START_DEADLINE: "60" },
          DEADLINE: "3",
          GRACE: String(graceSeconds),
        },
        detached: true,
        // No pipe: the barrier beside it, which in a pod ends with the container, would keep it open.
        stdio: ["ignore", log, log],
      },
    );
    group = command.pid;
    const [exitCode] = (await once(command, "exit")) as [number | null];
    closeSync(log);
    const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
    return { exitCode, log: read("log"), totals: () => parseTotals(read("totals")), seconds: (Date.now() - begun) / 1000 };
  }

  it("ends at its deadline as by the kubelet's signal: with teardown(), totals and k6's exit code for it", async () => {
    const { exitCode, log, totals, seconds } = await run(1, 20);
    assert.equal(exitCode, 105, log);
    assert.match(log, /teardown ended/);
    assert.ok((totals()?.iterations ?? 0) > 20, JSON.stringify(totals()));
    assert.ok(seconds >= 3 && seconds < 10, `${seconds} s`);
  });

  it("ends at once when it has used up its grace", async () => {
    const { exitCode, log, seconds } = await run(50, 2);
    assert.equal(exitCode, 105, log);
    assert.match(log, /teardown began/);
    assert.doesNotMatch(log, /teardown ended/);
    assert.ok(seconds >= 5 && seconds < 10, `${seconds} s`);
  });
});
