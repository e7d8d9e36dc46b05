import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { maxRunners } from "../../../../components/kube/names";

const harness = path.join(__dirname, "../../../../components/run/harness/k6");
// Where k6 should be: says what it was told, as the runner; the barrier beside runner 0 says nothing.
const standinK6 = '#!/bin/sh\ncase "$*" in *--paused*) printf "%s\\n" "$@" ;; esac\n';

const fraction = (text: string) => {
  const [numerator, denominator = 1n] = text.split("/").map(BigInt);
  return { numerator, denominator };
};
/** Whether a bound is exactly `i/runners`: cross-multiplied, no rounding anywhere. */
const isBound = (text: string, i: number, runners: number) => {
  const { numerator, denominator } = fraction(text);
  return numerator * BigInt(runners) === BigInt(i) * denominator;
};

describe("the launcher of a runner", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-launcher-"));
    cpSync(harness, folder, { recursive: true });
    writeFileSync(path.join(folder, "k6"), standinK6);
    chmodSync(path.join(folder, "k6"), 0o755);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Arguments of the runner's k6. */
  async function argumentsOf(index: number, runners: number): Promise<string[]> {
    const env = {
      PATH: `${folder}${path.delimiter}${process.env.PATH}`,
      ...{ JOB_COMPLETION_INDEX: String(index), RUNNERS: String(runners), RUN: "shop-12345678", TOTALS: "totals" },
      ...{ PEER: "http://127.0.0.1:1", ADDRESS: "127.0.0.1:0", START_DEADLINE: "1" },
    };
    const { stdout } = await execa("sh", [path.join(folder, "launcher.sh"), "--own"], { env, extendEnv: false });
    return stdout.split("\n");
  }
  const valueOf = (args: string[], name: string) => args[args.indexOf(name) + 1];

  for (const [index, runners] of [
    [0, 1],
    [0, 3],
    [1, 3],
    [2, 3],
    [6, 7],
    [0, maxRunners],
    [499, maxRunners],
    [maxRunners - 1, maxRunners],
  ]) {
    it(`gives runner ${index} of ${runners} its piece of the whole, exactly`, async () => {
      const args = await argumentsOf(index, runners);
      const bounds = valueOf(args, "--execution-segment-sequence").split(",");
      assert.equal(bounds.length, runners + 1);
      assert.ok(bounds.every((bound, i) => isBound(bound, i, runners)));
      assert.equal(valueOf(args, "--execution-segment"), `${bounds[index]}:${bounds[index + 1]}`);
      assert.equal(valueOf(args, "--tag"), "testid=shop-12345678");
    });
  }

  it("leaves teardown to runner 0, and passes on what it is given", async () => {
    const [first, second] = [await argumentsOf(0, 2), await argumentsOf(1, 2)];
    assert.deepEqual(
      [first, second].map((args) => args.includes("--no-teardown")),
      [false, true],
    );
    assert.deepEqual(
      [first, second].map((args) => args.includes("--own") && args.includes("--no-setup")),
      [true, true],
    );
  });
});
