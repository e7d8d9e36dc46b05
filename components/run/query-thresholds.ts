import type { Problems } from "../errors";
import { parseExpression, type Threshold } from "./thresholds";
import type { QueryThreshold } from "./threshold-types";

/** Thresholds on Flux queries, by a name for each. */
export type QueryThresholds = Record<string, QueryThreshold>;

const nameForm = /^[a-zA-Z][a-zA-Z0-9_.-]{0,62}$/;

/** Adds what is wrong with thresholds on queries. */
export function checkQueries(queries: QueryThresholds, path: string, problems: Problems): void {
  for (const [name, { flux, threshold }] of Object.entries(queries)) {
    const own = `${path}.${name}`;
    if (!nameForm.test(name)) {
      problems.add(own, `"${name}" cannot name a query: use up to 63 letters, digits, ".", "_" and "-", starting with a letter.`);
    }
    if (flux.trim() === "") {
      problems.add(`${own}.flux`, "is empty. Begin with from(bucket: run.bucket) |> range(start: run.start, stop: run.stop).");
    }
    const parsed = parsedOf(threshold);
    if (typeof parsed === "string") {
      problems.add(`${own}.threshold`, parsed);
    }
  }
}

/** The threshold of a query. */
export function queryThreshold(name: string, { threshold }: QueryThreshold): Threshold {
  const parsed = parsedOf(threshold);
  if (typeof parsed === "string") {
    throw new Error(`queries.${name}.threshold: ${parsed}`);
  }
  return { key: name, metric: name, tags: {}, expression: threshold.trim(), ...parsed };
}

function parsedOf(threshold: string): Pick<Threshold, "aggregation" | "operator" | "bound"> | string {
  const parsed = parseExpression(threshold, "");
  if (typeof parsed === "string") {
    return parsed;
  }
  return parsed.aggregation.method === "value" && parsed.window === undefined && parsed.type === undefined
    ? parsed
    : `"${threshold}" asks for more than the value that the query gives. Write it like "value<80" and let the Flux do the rest.`;
}
