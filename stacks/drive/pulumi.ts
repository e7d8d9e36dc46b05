import { execa } from "execa";
import { labEnvironment } from "../../lab/env";
import { outliving } from "./interrupts";
import { setupLab } from "./lab";

/** A stack and the environment in which Pulumi is run for it. */
export interface Stack {
  name: string;
  env: Record<string, string>;
}

/**
 * The stack named `lab` runs on this machine's lab, every other one with the user's own Pulumi and kubeconfig.
 *
 * @param isLabNeeded whether to bring the lab up for it
 */
export async function openStack(name: string, isLabNeeded = true): Promise<Stack> {
  const env = name !== "lab" ? {} : isLabNeeded ? await setupLab() : labEnvironment();
  const stack = { name, env: { ...env, PULUMI_NODEJS_TRANSPILE_ONLY: "true" } };
  const { exitCode, failed } = await execa("pulumi", ["version"], { env: stack.env, reject: false });
  if (failed && exitCode === undefined) {
    throw new Error(
      `the pulumi command is not on the PATH, and stack "${name}" runs with your own. Install Pulumi, or use the lab: make up STACK=lab`,
    );
  }
  await execa("pulumi", ["stack", "select", "--create", name], { env: stack.env, stdout: "ignore", stderr: "inherit" });
  return stack;
}

/** How a Pulumi command in front of the user ended. */
export interface PulumiEnd {
  exitCode: number;
  /** Whether it was told to end at once, by a second ^C, and not in its own time. */
  isTerminated: boolean;
}

/** Runs a Pulumi command in front of the user. */
export async function pulumi(stack: Stack, args: string[]): Promise<PulumiEnd> {
  const command = execa("pulumi", [...args, "--stack", stack.name], { env: stack.env, stdio: "inherit", reject: false });
  return outliving(
    async (interrupts) => {
      const { exitCode } = await command;
      return { exitCode: exitCode ?? 1, isTerminated: interrupts.count > 1 };
    },
    () => command.kill("SIGINT"),
  );
}

/** Runs a Pulumi command and gives what it prints. */
export async function pulumiOutput(stack: Stack, args: string[]): Promise<string> {
  const { stdout } = await execa("pulumi", [...args, "--stack", stack.name], { env: stack.env });
  return stdout;
}

/** Runs a Pulumi command with an input and nothing of it shown, unless it fails. */
export async function pulumiWith(stack: Stack, args: string[], input: string): Promise<void> {
  await execa("pulumi", [...args, "--stack", stack.name], { env: stack.env, input });
}
