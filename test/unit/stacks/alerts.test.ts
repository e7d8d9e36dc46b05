import assert from "node:assert/strict";
import { ArgumentError } from "pulumi-k6/dist/errors";
import { platformArgs } from "../../../stacks/settings/arguments";
import { readSettings } from "../../../stacks/settings/read";

const read = (alerts: unknown) =>
  readSettings("test", "k6", { "k6:context": "shop", "k6:platform": JSON.stringify({ alerts }) }, []);

function problemsOf(alerts: unknown): string[] {
  try {
    read(alerts);
  } catch (error) {
    assert.ok(error instanceof ArgumentError);
    return error.problems.map(({ path, reason }) => `${path}: ${reason}`);
  }
  return [];
}

describe("the settings of a stack's alerts", () => {
  const prometheus = { namespace: "monitoring" };

  it("are none where they are absent, and go to the platform as they are", () => {
    assert.equal(platformArgs(read(undefined)).alerts, undefined);
    const alerts = {
      prometheus,
      objectLabels: { release: "prometheus" },
      forSeconds: { K6RunPending: 60 },
      without: ["K6StoreFull"],
    };
    assert.deepEqual(platformArgs(read(alerts)).alerts, alerts);
  });

  it("name what is wrong by its path in the settings", () => {
    assert.match(problemsOf({})[0], /^platform\.alerts\.prometheus: is missing/);
    assert.match(problemsOf({ prometheus, scrapeSeconds: 1 })[0], /^platform\.alerts\.scrapeSeconds: 1 cannot be/);
    assert.match(problemsOf({ prometheus, limits: { storeShar: 1 } })[0], /^platform\.alerts\.limits\.storeShar: .*"storeShare"/);
    assert.match(problemsOf({ prometheus, without: ["K6RunPendin"] })[0], /^platform\.alerts\.without\[0\]/);
    assert.match(problemsOf({ prometheus, forSeconds: { K6RunPendin: 1 } })[0], /^platform\.alerts\.forSeconds/);
  });
});
