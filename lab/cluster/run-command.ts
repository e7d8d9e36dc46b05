import { execa } from "execa";

/** Runs a program and gives what it printed. @throws when it fails, with what it wrote on standard error */
export async function runCommand(program: string, args: readonly string[], options: { input?: string } = {}): Promise<string> {
  const { stdout } = await execa(program, args, { stdin: options.input === undefined ? "ignore" : "pipe", ...options });
  return stdout;
}
