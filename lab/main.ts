import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { labClean, labDown, labLoad, labParts, labUp } from "./cluster/commands";
import { currentLayout } from "./cluster/record";
import { logPath } from "./cluster/logs";
import { labStatus } from "./cluster/status";
import { labEnvironment, shellExports } from "./env";

const layout = currentLayout();
const tell = (line: string): void => console.log(`lab: ${line}`);
const program = new Command("lab").description("The embedded Kubernetes for a bare machine").enablePositionalOptions();

program
  .command("up")
  .description("bring the lab up, or mend it")
  .action(() => labUp(layout, tell));

program
  .command("down")
  .description("stop the lab and remove everything in it; leaves the machine as it was")
  .action(() => labDown(layout, tell));

program
  .command("status")
  .description("show the lab's parts, pods and images; ends with 1 if it is not healthy")
  .action(async () => {
    const { isHealthy, text } = await labStatus(layout);
    console.log(text);
    process.exitCode = isHealthy ? 0 : 1;
  });

program
  .command("load")
  .description("load an image archive, OCI or Docker, into the lab")
  .argument("<image.tar>")
  .action(async (tar: string) => {
    console.log(await labLoad(layout, resolve(tar)));
  });

program
  .command("kubectl")
  .description("run kubectl on the lab")
  .argument("[args...]")
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (args: string[]) => {
    const kubectl = join(layout.bin, "kubectl");
    if (!existsSync(kubectl)) {
      throw new Error("no lab runs on this machine. Start it: npm run lab -- up");
    }
    await passThrough(kubectl, args);
  });

program
  .command("logs")
  .description("show the log of a part; status lists the parts")
  .argument("<part>")
  .option("-f, --follow", "go on as it grows")
  .action(async (part: string, { follow }: { follow?: boolean }) => {
    await passThrough("tail", ["-n", "200", ...(follow === true ? ["-F"] : []), await logPath(layout, part)]);
  });

program
  .command("build")
  .description("build the lab's parts without starting it")
  .action(async () => {
    await labParts();
  });

program
  .command("clean")
  .description("remove built parts that are no longer of use")
  .action(() => labClean(tell));

program
  .command("env")
  .description('print the lab\'s environment for a shell: eval "$(npm run --silent lab -- env)"')
  .action(() => console.log(shellExports(labEnvironment())));

async function passThrough(command: string, args: readonly string[]): Promise<void> {
  const { exitCode } = await execa(command, args, { stdio: "inherit", env: labEnvironment(), reject: false });
  process.exitCode = exitCode ?? 1;
}

program.parseAsync().catch((error: unknown) => {
  // A person wants the sentence; whoever looks for a mistake of ours wants the stack.
  console.error(process.env.DEBUG === undefined && error instanceof Error ? `lab: ${error.message}` : error);
  process.exitCode = 1;
});
