/** What `make up`, `make preview` and `make down` call: Pulumi for one stack, with the lab underneath where the stack is `lab`. */
import { Command } from "commander";
import { summaryText } from "pulumi-k6/dist/run/report/summary";
import { liftAbandonedLock } from "./lock";
import { openStack, pulumi } from "./pulumi";
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
    process.exitCode = await pulumi(stack, ["up", ...unattended(name), ...args]);
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
    process.exitCode = await pulumi(await openStack(name), ["preview", ...args]);
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
    process.exitCode = await pulumi(stack, ["destroy", ...unattended(name), ...args]);
  });

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
