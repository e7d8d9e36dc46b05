import { InvalidArgumentError } from "commander";

/** The value of `--grace`. @throws {InvalidArgumentError} where it is no number of seconds, as all load would be deleted at once */
export function graceSeconds(value: string): number {
  const seconds = value.trim() === "" ? NaN : Number(value);
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new InvalidArgumentError("It is no number of seconds: give 0 or more.");
  }
  return seconds;
}

/** What of the arguments for `pulumi up` says which file of settings it reads, in one word or two; `pulumi config` takes the same. */
export function configFileOf(args: readonly string[]): string[] {
  const at = args.findIndex((arg) => arg === "--config-file" || arg.startsWith("--config-file="));
  return at === -1 ? [] : args.slice(at, args[at] === "--config-file" ? at + 2 : at + 1);
}
