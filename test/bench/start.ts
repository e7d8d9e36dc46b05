/**
 * How long runs take to start, engine `job` against a bare Indexed Job of the same pods, one pair after the other, in the lab:
 *
 *     node -r ts-node/register test/bench/start.ts [pairs=5] [sizes=2,8,20]
 *
 * On a machine that does nothing else. Times are of one machine's clock: the lab's node is this machine.
 */
import { Bench } from "../lab/engines/bench";
import { summary, type Pair, type Start } from "./figures";
import { measure, startScript, type Kind } from "./start-runs";

async function main(pairCount = "5", sizes = "2,8,20"): Promise<void> {
  const bench = new Bench(`bench-start-${Date.now().toString(36)}`, "job");
  const results: Record<string, number | string>[] = [];
  try {
    await bench.open();
    for (const runners of sizes.split(",").map(Number)) {
      const pairs: Pair[] = [];
      const start = async (kind: Kind): Promise<Start> => {
        const change = { runners, resources: { cpu: "500m", memory: "256Mi" } };
        const measured = await measure(bench.cluster, await bench.inputs(startScript(runners), change), kind);
        console.log(`${runners} runners, ${kind}: ${JSON.stringify(measured)}`);
        return measured;
      };
      // The first of all also warms the node.
      await start("bare");
      for (let pair = 0; pair < Number(pairCount); pair++) {
        // Whoever comes second finds the machine as the other left it, so they take turns.
        if (pair % 2 === 0) {
          const bare = await start("bare");
          pairs.push({ bare, ours: await start("ours") });
        } else {
          const ours = await start("ours");
          pairs.push({ ours, bare: await start("bare") });
        }
      }
      results.push(summary(runners, pairs));
    }
  } finally {
    await bench.close();
  }
  console.log("Milliseconds, medians over pairs; `last` is from the first request to the last runner's first iteration.");
  console.table(results);
}

void main(...process.argv.slice(2));
