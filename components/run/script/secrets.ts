import { ArgumentError, type Problem, type Problems } from "../../errors";

/** Key of the Secret with the file that k6 reads. */
export const secretsFile = "secrets";
/** Where it is mounted. */
export const secretsFolder = "/run/secrets/k6";

/** Key of the Secret for a value that a script gets as a variable too. */
export function variableKey(name: string): string {
  return `env.${name}`;
}

// k6 reads its file of secrets line by line with Go's bufio.Scanner, which takes at most 64 KiB at a time.
const lineLimitBytes = 64 * 1024 - 1;

/** Checks the names of secrets, and the values of those that are known already. */
export function checkSecrets(
  { secrets, secretEnv, env }: { secrets: Record<string, unknown>; secretEnv: string[]; env: Record<string, unknown> },
  problems: Problems,
): void {
  for (const [name, value] of Object.entries(secrets)) {
    if (!/^[A-Za-z0-9_.-]{1,200}$/.test(name)) {
      problems.add(`secrets.${name}`, `"${name}" cannot name a secret: use letters, digits, "_", "." and "-".`);
    }
    const problem = typeof value === "string" ? valueProblem(name, value) : undefined;
    if (problem !== undefined) {
      problems.add(problem.path, problem.reason);
    }
  }
  for (const name of secretEnv) {
    const path = `secretEnv.${name}`;
    if (!(name in secrets)) {
      problems.add(path, `there is no secret of this name. Known: ${Object.keys(secrets).join(", ") || "none"}.`);
    } else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.startsWith("PULUMI_K6_")) {
      problems.add(
        path,
        `"${name}" cannot name a variable: use letters, digits and "_", and begin neither with a digit nor with PULUMI_K6_.`,
      );
    } else if (name in env) {
      problems.add(path, `env.${name} is set too. Leave one of them out.`);
    }
  }
}

/** What k6's file of secrets cannot hold; the value itself is never told. */
function valueProblem(name: string, value: string): Problem | undefined {
  const path = `secrets.${name}`;
  if (value === "") {
    return { path, reason: "is empty, and k6 would hide the empty text: every gap in its log. Leave it out." };
  }
  if (/[\r\n]/.test(value)) {
    return {
      path,
      reason: "has a line break, and k6 reads secrets line by line. Encode it (base64) and decode it in the script.",
    };
  }
  const bytes = Buffer.byteLength(`${name}=${value}`);
  return bytes > lineLimitBytes
    ? { path, reason: `has ${bytes} bytes with its name, and k6 reads at most ${lineLimitBytes} in a line. Give a shorter one.` }
    : undefined;
}

/**
 * The data of the Secret: k6's file with a line `name=value` each, and the values that are variables too.
 *
 * @throws {ArgumentError} when a value does not fit in a line; the error does not tell it
 */
export function secretData(test: string, secrets: Record<string, string>, secretEnv: readonly string[]): Record<string, string> {
  const problems = Object.entries(secrets).flatMap(([name, value]) => valueProblem(name, value) ?? []);
  if (problems.length > 0) {
    throw new ArgumentError(`load test ${test}`, problems);
  }
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`);
  return {
    [secretsFile]: lines.sort().join("\n"),
    ...Object.fromEntries(secretEnv.map((name) => [variableKey(name), secrets[name]])),
  };
}
