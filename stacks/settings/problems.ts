import type { Problem } from "pulumi-k6/dist/errors";
import { z } from "zod";
import { nearest } from "./spelling";

type Issue = z.core.$ZodIssue;

/** One issue of the schema as problems with property paths. */
export function problemsOf(issue: Issue, schema: z.ZodType): Problem[] {
  const path = pathOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), reason: unknownKey(key, known) }));
  }
  return [{ path, reason: reasonOf(issue) }];
}

/** `loadTests.checkout.targets[0].ports`, as in a stack's settings. */
export function pathOf(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : path === "" ? String(key) : `${path}.${String(key)}`),
    "",
  );
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined
    ? `is not a setting. Known here: ${known.join(", ")}.`
    : `is not a setting. Did you mean "${meant}"?`;
}

const secretKeys = ["secrets", "token", "annotationToken", "kubeconfig"];

function reasonOf(issue: Issue): string {
  // Nobody wants to read a secret on the screen because of a missing quote.
  const given = secretKeys.some((secret) => issue.path.includes(secret)) ? "something" : JSON.stringify(issue.input);
  switch (issue.code) {
    case "invalid_type":
      if (!issue.message.startsWith("Invalid input")) {
        return issue.message;
      }
      return issue.input === undefined
        ? `is missing: give ${kindOf(issue.expected)}.`
        : `${given} was given: use ${kindOf(issue.expected)}.`;
    case "too_small":
      return issue.origin === "string" ? issue.message : `${given} is too small: use at least ${String(issue.minimum)}.`;
    case "too_big":
      return `${given} is too big: use at most ${String(issue.maximum)}.`;
    case "invalid_format":
      return `${given} ${issue.message}`;
    default:
      return `${given} was given: ${issue.message}.`;
  }
}

function kindOf(expected: string): string {
  const kinds: Record<string, string> = {
    int: "a whole number",
    number: "a number",
    string: "text",
    boolean: "true or false",
    array: "a list",
    object: "a group of settings",
    record: "a group of settings",
  };
  return kinds[expected] ?? expected;
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Record<string, z.ZodType>;
    const [key, ...rest] = path;
    const child = key === undefined ? undefined : shape[String(key)];
    return key === undefined ? Object.keys(shape) : child === undefined ? [] : keysAt(child, rest);
  }
  if (inner instanceof z.ZodRecord) {
    return keysAt(inner.valueType as z.ZodType, path.slice(1));
  }
  return inner instanceof z.ZodArray ? keysAt(inner.element as z.ZodType, path.slice(1)) : [];
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) {
    return unwrapped(schema.out as z.ZodType);
  }
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema;
}
