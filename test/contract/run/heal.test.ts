import assert from "node:assert/strict";
import path from "node:path";
import { execa } from "execa";
import { executable } from "../../support/executables";
import { StandinRunners } from "../../support/standin-runners";

const script = path.join(__dirname, "../../../components/run/harness/k6/heal.js");

describe("what starts a runner that takes over", function () {
  this.timeout(30_000);
  let runners: StandinRunners;

  beforeEach(async () => {
    runners = await StandinRunners.start(2, () => 0);
  });
  afterEach(() => runners.stop());

  /** Runs it beside runner 1. */
  async function heal(peer: string, joinAt: number): Promise<void> {
    const variables = { RUNNERS: 2, INDEX: 1, JOIN_AT: joinAt, PEER: peer, OWN: runners.url.replace("{index}", "1") };
    const given = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    await execa(executable("k6"), ["run", "--quiet", "--no-usage-report", "--address", "", ...given, script]);
  }

  it("gives it what setup() made, and starts it at its time", async () => {
    const joinAt = Date.now() + 3000;
    await heal(runners.url, joinAt);
    const [, own] = runners.asked;
    assert.deepEqual([own.isGiven, own.startedAt.length, own.isStopped], [true, 1, false]);
    assert.ok(own.startedAt[0] >= joinAt, "it was started before its time");
  });

  it("does not start it where nobody can tell what setup() made", async () => {
    await heal("http://127.0.0.1:1/{index}", Date.now() + 3000);
    const [, own] = runners.asked;
    assert.deepEqual([own.startedAt, own.isStopped], [[], true]);
  });
});
