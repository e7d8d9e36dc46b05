import { z } from "zod";

/** YAML reads `cpu: 4` as a number and `debug: true` as a boolean where text is meant. */
export function text<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value), schema);
}

/** An amount as Kubernetes writes it. */
export const quantity = text(
  z.string().regex(/^\d+(\.\d+)?(m|k|Ki|[MGTPE]i?)?$/, "is not a quantity: write for example 500m, 2, 256Mi or 10Gi."),
);
