import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { EngineName } from "../../../components/run/types";
import { causesAtWork } from "./at-work";
import { causesBeforeStart } from "./before-start";
import { causesByOperator } from "./by-operator";
import type { Cause } from "./cause";
import { type Outcome, outcomeOf } from "./outcome";
import { pageWith, type Saying, sayingsOn } from "./page";
import { plain } from "./plain";
import type { PlaceName } from "./places";
import { pooled } from "./pool";
import { steady } from "./scripts";
import { Stage } from "./stage";

const causes = [...causesBeforeStart, ...causesAtWork, ...causesByOperator];
const pagePath = path.resolve(__dirname, "../../../docs/what-can-go-wrong.md");
const page = readFileSync(pagePath, "utf8");
const refresh = "Refresh the page: UPDATE_DOCS=1 npx mocha test/lab/causes/*.test.ts (in a lab's environment)";
// Runs at a time: so many find room on two cores, with what else is there.
const atOnce = 6;
const slowPlaces = new Set<PlaceName>(["unwatched", "frozen", "blocked", "counted", "held", "probed"]);
const said: Saying[] = [];

for (const engine of ["job", "operator"] as const satisfies EngineName[]) {
  const own = causes.filter(({ engine: only = engine }) => only === engine);

  describe(`what can go wrong with engine ${engine}`, function () {
    this.timeout(180_000);
    const stage = new Stage(engine);
    let outcomes: Map<Cause, Promise<Outcome>>;

    before(async () => {
      await stage.open();
      outcomes = pooled(longestFirst(own), atOnce, async (cause) => {
        const inputs = await stage.inputs(cause, steady);
        return outcomeOf(cause, stage.bench(cause.place ?? "open"), inputs);
      });
    });

    after(() => stage.close());

    for (const cause of own) {
      const { title, names, remedy, verdict = "invalid" } = cause;
      it(`tells within 30 s: ${title}`, async () => {
        const outcome = await outcomes.get(cause)!;
        const { sentence, reasons, seconds, left, inputs } = outcome;
        assert.ok(sentence !== undefined, `${names} is in none of: ${reasons.join("\n")}`);
        assert.match(sentence, remedy);
        assert.equal(outcome.verdict, verdict, reasons.join("\n"));
        assert.ok(seconds < 30, `after ${seconds} s`);
        if (!causesAtWork.includes(cause)) {
          assert.ok(outcome.wholeSeconds < 40, `ended after ${outcome.wholeSeconds} s`);
          assert.deepEqual(left, [], "nothing may start later");
        }
        const text = plain(sentence, inputs, outcome.nodes);
        said.push({ title, engine, text });
        console.log(`      after ${seconds.toFixed(1)} s`);
        if (process.env["UPDATE_DOCS"] === undefined) {
          const written = sayingsOn(page).find((one) => one.title === title && one.engine === engine);
          assert.equal(written?.text, text, refresh);
        }
      });
    }
  });
}

describe("the page on what can go wrong", () => {
  it("has a row for every cause, and none without", async () => {
    const titles = causes.map(({ title }) => title);
    if (process.env["UPDATE_DOCS"] !== undefined) {
      const prettier = await import("prettier");
      const text = pageWith(page, said, titles);
      writeFileSync(pagePath, await prettier.format(text, { ...(await prettier.resolveConfig(pagePath)), filepath: pagePath }));
    }
    const written = sayingsOn(readFileSync(pagePath, "utf8")).map(({ title }) => title);
    assert.deepEqual([...new Set(written)], titles, refresh);
  });
});

/** Those that wait for a limit of time are begun first, so that they do not come last; most of them need little. */
function longestFirst(all: readonly Cause[]): Cause[] {
  const waits = ({ place = "open" }: Cause) => slowPlaces.has(place);
  return [...all.filter(waits), ...all.filter((cause) => !waits(cause))];
}
