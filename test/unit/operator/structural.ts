import type { Schema } from "../../../components/operator/crds/schema";

/** Where and why a value does not fit a structural schema, as the API server would refuse it; fields that the schema does not know are dropped there, and not looked at here. */
export function misfits(schema: Schema, value: unknown, path = ""): string[] {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return typeof value === "number"
      ? integerMisfits({ ...schema, type: "integer" }, value, path)
      : textMisfits(schema, value, path);
  }
  switch (schema.type) {
    case "object":
      return objectMisfits(schema, value, path);
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) => misfits(schema.items ?? {}, item, `${path}[${index}]`))
        : [`${path}: no array`];
    case "string":
      return textMisfits(schema, value, path);
    case "integer":
      return integerMisfits(schema, value, path);
    case "boolean":
      return typeof value === "boolean" ? [] : [`${path}: no boolean`];
    case undefined:
      return [`${path}: anything goes`];
  }
}

function objectMisfits(
  { properties = {}, additionalProperties, required = [], anyOf }: Schema,
  value: unknown,
  path: string,
): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${path}: no object`];
  }
  const fields = Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const schema = properties[key] ?? additionalProperties;
    return schema === undefined ? [] : misfits(schema, inner, `${path}.${key}`);
  });
  const has = (schema: Schema) => (schema.required ?? []).every((key) => key in value);
  const missing = required.filter((key) => !(key in value)).map((key) => `${path}.${key}: missing`);
  return [...fields, ...missing, ...(anyOf === undefined || anyOf.some(has) ? [] : [`${path}: none of the alternatives`])];
}

function textMisfits({ pattern, enum: allowed, minLength = 0 }: Schema, value: unknown, path: string): string[] {
  if (typeof value !== "string") {
    return [`${path}: no string`];
  }
  const fits =
    value.length >= minLength && (allowed?.includes(value) ?? true) && (pattern === undefined || new RegExp(pattern).test(value));
  return fits ? [] : [`${path}: "${value}" does not fit`];
}

function integerMisfits({ minimum = -Infinity, maximum = Infinity }: Schema, value: unknown, path: string): string[] {
  return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum
    ? []
    : [`${path}: no such integer`];
}
