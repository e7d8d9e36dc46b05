import type { TestRunSpec } from "./test-run";

/** Flags of `k6 run` that the operator keeps from `k6 archive`, with the values after them. */
const droppedFlags = new Set(["-o", "--out", "-l", "--linger", "--no-usage-report", "-v", "--verbose"]);
const droppedPrefixes = ["--log-output", "--block-hostnames", "--blacklist-ip", "--user-agent"];

/** The argument list for k6: `spec.args` as it is, else `spec.arguments` split at white space, whatever is quoted in it. */
export function argvOf({ args = [], arguments: line = "" }: Pick<TestRunSpec, "args" | "arguments">): string[] {
  return args.length > 0 ? [...args] : line.split(/\s+/).filter((word) => word !== "");
}

/** Whether k6's command goes through a shell: the older `spec.arguments` does, `spec.args` does not. */
export function needsShell({ args = [] }: Pick<TestRunSpec, "args">): boolean {
  return args.length === 0;
}

/** Splits an argument list into flags with the words that follow each, as far as the operator takes them for values. */
function flagsOf(argv: readonly string[]): string[][] | undefined {
  const flags: string[][] = [];
  for (let at = 0; at < argv.length;) {
    if (!argv[at].startsWith("-")) {
      return undefined;
    }
    let end = at + 1;
    // An empty text is the value of the flag right before it, and a positional anywhere else.
    if (argv[end] === "") {
      end += 1;
    } else {
      while (end < argv.length && argv[end] !== "" && !argv[end].startsWith("-")) {
        end += 1;
      }
    }
    flags.push(argv.slice(at, end));
    at = end;
  }
  return flags;
}

/** Whether the operator takes the argument list: nothing positional first, nothing empty but a flag's value. */
export function isAcceptable(argv: readonly string[]): boolean {
  return flagsOf(argv) !== undefined;
}

/** What of the argument list the initializer gives to `k6 archive`. */
export function archiveArgs(argv: readonly string[]): string[] {
  const kept = (flagsOf(argv) ?? []).filter(
    ([flag]) => !droppedFlags.has(flag) && !droppedPrefixes.some((prefix) => flag.startsWith(prefix)),
  );
  return kept.flat();
}
