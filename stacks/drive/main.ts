/** What `make up`, `make preview`, `make down` and `make stop` call: Pulumi for one stack, with the lab underneath where the stack is `lab`. */
import { Command } from "commander";
import { stopRuns } from "pulumi-k6";
import { summaryText } from "pulumi-k6/dist/run/report/summary";
import { configFileOf, graceSeconds } from "./arguments";
import { liftAbandonedLock } from "./lock";
import { forgetPending } from "./pending";
import { placeOf } from "./place";
import { openStack, pulumi, type Stack } from "./pulumi";
import { stackRuns } from "./results";

const program = new Command("drive").description("Runs Pulumi for a stack of this repository").showHelpAfterError();

program
  .command("up")
  .description("stands the stack up, runs its load tests and prints the verdicts")
  .requiredOption("--stack <name>", "lab, dev, staging or prod")
  .argument("[pulumi-arguments...]", "passed on to pulumi up")
  .allowUnknownOption()
  .action(async (args: string[], { stack: name }: { stack: string }) => {
    const stack = await openStack(name);
    await liftAbandonedLock(stack);
    const { exitCode, isTerminated } = await pulumi(stack, ["up", ...unattended(name), ...args]);
    process.exitCode = exitCode;
    if (isTerminated) {
      return tidyUp(stack, args);
    }
    for (const run of await stackRuns(stack)) {
      console.log(`\n${summaryText(run, { colour: process.stdout.isTTY })}`);
    }
  });

program
  .command("preview")
  .description("shows what up would do")
  .requiredOption("--stack <name>", "lab, dev, staging or prod")
  .argument("[pulumi-arguments...]", "passed on to pulumi preview")
  .allowUnknownOption()
  .action(async (args: string[], { stack: name }: { stack: string }) => {
    process.exitCode = (await pulumi(await openStack(name), ["preview", ...args])).exitCode;
  });

program
  .command("down")
  .description("removes everything of the stack")
  .requiredOption("--stack <name>", "lab, dev, staging or prod")
  .argument("[pulumi-arguments...]", "passed on to pulumi destroy")
  .allowUnknownOption()
  .action(async (args: string[], { stack: name }: { stack: string }) => {
    const stack = await openStack(name);
    await liftAbandonedLock(stack);
    process.exitCode = (await pulumi(stack, ["destroy", ...unattended(name), ...args])).exitCode;
  });

program
  .command("stop")
  .description("stops the load of all runs of the stack that go on, whoever started them; needs no state and no lock")
  .requiredOption("--stack <name>", "lab, dev, staging or prod")
  .option("--grace <seconds>", "for teardown() and the last samples, before pods are deleted", graceSeconds, 30)
  .argument("[pulumi-arguments...]", "passed on to pulumi config")
  .allowUnknownOption()
  .action(async (args: string[], { stack: name, grace }: { stack: string; grace: number }) => {
    const stack = await openStack(name, false);
    const stopped = await stopRuns({ ...(await placeOf(stack, args)), graceSeconds: grace, by: "make stop" }, say);
    if (stopped.length === 0) {
      console.log(`stack ${name}: no run goes on`);
    }
  });

/** After a second ^C: no load goes on, and Pulumi has nothing to warn of. */
async function tidyUp(stack: Stack, args: readonly string[]): Promise<void> {
  const place = await placeOf(stack, configFileOf(args));
  await stopRuns({ ...place, by: "a second ^C" }, say);
  await liftAbandonedLock(stack);
  await forgetPending(stack);
  console.log(`stack ${stack.name}: interrupted; none of its load goes on. The next make up says what became of its runs.`);
}

function say(line: string): void {
  console.log(line);
}

/** Nobody is asked in the lab; elsewhere Pulumi shows its preview and asks, where there is somebody to answer. */
function unattended(stack: string): string[] {
  return stack === "lab"
    ? ["--yes", "--skip-preview", "--non-interactive"]
    : process.stdin.isTTY
      ? []
      : ["--yes", "--non-interactive"];
}

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
