import assert from "node:assert/strict";
import { initializerCommand } from "../../simulator/initializer";
import { runShell } from "./shell";
import { testRun } from "./samples";

const tools = ["mkdir", "dirname", "cat", "grep"];
const k6 = (archive: string, inspect: string): string => `#!/bin/sh
case $1 in archive) ${archive};; inspect) ${inspect};; esac`;

async function run(programs: Record<string, string>) {
  return runShell(
    initializerCommand(testRun({ args: ["--vus", "2"] }).spec, "/test/main.js", "/tmp/simulator.tar", []),
    programs,
    tools,
  );
}

describe("the initializer's program", () => {
  it("prints the JSON and nothing else where k6 only warns", async () => {
    const { exitCode, stdout } = await run({
      k6: k6("echo level=warning msg=a >&2", `echo level=warning msg=b >&2; echo '{"maxVUs":2}'`),
    });
    assert.deepEqual([exitCode, stdout], [0, '{"maxVUs":2}\n']);
  });

  it("fails with k6's own words where the archive cannot be made", async () => {
    const { exitCode, stdout } = await run({ k6: k6("echo 'unknown flag: --out' >&2; exit 255", "") });
    assert.deepEqual([exitCode, stdout], [1, "unknown flag: --out\n"]);
  });

  it("fails where k6 logged an error but did not end with one", async () => {
    const { exitCode } = await run({ k6: k6("", "echo level=error msg=x >&2; echo '{}'") });
    assert.equal(exitCode, 1);
  });

  it("says that the image has no k6, with 127", async () => {
    const { exitCode, stderr } = await run({});
    assert.equal(exitCode, 127);
    assert.match(stderr, /initializer image must contain k6/);
  });
});
