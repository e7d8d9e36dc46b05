import { Problems } from "pulumi-k6/dist/errors";
import { checkPlainSecrets } from "./plain-secrets";
import { problemsOf } from "./problems";
import { checkRules } from "./rules";
import type { Settings } from "./schema";
import { settingsSchema } from "./schema";

/**
 * Reads the settings of a stack from Pulumi's configuration.
 *
 * @param config all keys of the stack with their texts, as `pulumi.runtime.allConfig()` gives them
 * @param secretKeys those of them that hold a secret
 * @throws {ArgumentError} with everything that is wrong
 */
export function readSettings(
  stack: string,
  project: string,
  config: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
): Settings {
  const prefix = `${project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const given = Object.fromEntries(own.map(([key, text]) => [key.slice(prefix.length), parsed(key.slice(prefix.length), text)]));
  const problems = new Problems();
  const { data, error } = settingsSchema.safeParse(given, { reportInput: true });
  const unknown = error?.issues.filter((issue) => issue.code === "unrecognized_keys") ?? [];
  for (const { path, reason } of error?.issues.flatMap((issue) => problemsOf(issue, settingsSchema)) ?? []) {
    problems.add(path, reason);
  }
  // A misspelt key does not hide what else is wrong.
  const settings = data ?? settingsSchema.safeParse(without(unknown, given)).data;
  if (settings !== undefined) {
    checkRules(settings, problems);
    checkPlainSecrets(settings, new Set(secretKeys.map((key) => key.slice(prefix.length))), problems);
  }
  problems.throwIfAny(`settings of stack ${stack}`);
  return settings as Settings;
}

type Group = Record<PropertyKey, unknown>;

/** A copy of `given` without the keys that are not known. */
function without(unknown: readonly { path: readonly PropertyKey[]; keys: string[] }[], given: Group): Group {
  const copy = structuredClone(given);
  for (const { path, keys } of unknown) {
    const group = path.reduce<Group>((inner, key) => inner[key] as Group, copy);
    keys.forEach((key) => delete group[key]);
  }
  return copy;
}

const texts: readonly string[] = ["context", "kubeconfig", "reportFolder"] satisfies (keyof Settings)[];

/** Pulumi hands out groups of settings as JSON, and single values as they are. */
function parsed(key: string, text: string): unknown {
  if (texts.includes(key)) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
