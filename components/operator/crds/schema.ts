/** A part of a structural OpenAPI schema, as CustomResourceDefinitions hold it. */
export interface Schema {
  type?: "object" | "array" | "string" | "integer" | "boolean";
  format?: string;
  pattern?: string;
  enum?: string[];
  minLength?: number;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  "x-kubernetes-int-or-string"?: true;
  "x-kubernetes-list-type"?: "map" | "atomic";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-validations"?: { rule: string; message: string }[];
}

export const text: Schema = { type: "string" };
export const flag: Schema = { type: "boolean" };

// What Go's int32 can hold: a larger number is one that the controller cannot read.
const int32Range = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
export const int32: Schema = { type: "integer", format: "int32", ...int32Range };
// Within Go's int64, and no larger than JSON carries exactly through every client.
export const int64: Schema = {
  type: "integer",
  format: "int64",
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
};

const eitherIntegerOrText: Schema = { anyOf: [{ type: "integer" }, text], "x-kubernetes-int-or-string": true };
/** A port by number or name, as Go's `IntOrString`. */
export const intOrString: Schema = { ...eitherIntegerOrText, ...int32Range };
/** An amount such as `500m`, `2Gi` or `1`, as Go's `Quantity` reads it. */
export const quantity: Schema = {
  ...eitherIntegerOrText,
  pattern: "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(n|u|m|k|[MGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?$",
};

/** A moment as Go's `Time` reads it: RFC 3339 with seconds and zone. */
export const moment: Schema = {
  ...text,
  format: "date-time",
  pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$",
};

/** One of a few texts. */
export function oneOf(...values: string[]): Schema {
  return { ...text, enum: values };
}

/** An object with these fields; others are dropped by the API server before anyone reads them. */
export function object(properties: Record<string, Schema>, required: string[] = []): Schema {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

export function list(items: Schema): Schema {
  return { type: "array", items };
}

/** An object with any keys and values of one kind. */
export function map(additionalProperties: Schema): Schema {
  return { type: "object", additionalProperties };
}

/** Conditions in Kubernetes' own shape, one per type. */
export const conditions: Schema = {
  ...list(
    object(
      {
        type: text,
        status: oneOf("True", "False", "Unknown"),
        observedGeneration: int64,
        lastTransitionTime: moment,
        reason: text,
        message: text,
      },
      ["type", "status"],
    ),
  ),
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
};
