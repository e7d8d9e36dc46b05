import { flux, HttpError } from "@influxdata/influxdb-client";
import type { Store } from "./store";
import type { Scope } from "./store-query";

/** The number that a query gives, or why it gives none. */
export type QueryAnswer = { value: number } | { problem: string };

/** Asks the store with Flux of the user's, which finds the run in the record `run`. What the store says against it is told, not thrown. */
export async function runQuery(store: Store, scope: Scope, text: string): Promise<QueryAnswer> {
  try {
    return answerOf((await store.rows(withRun(text, scope))).map(({ value }) => value));
  } catch (error) {
    if (error instanceof HttpError) {
      return {
        problem: `the store refused its Flux (HTTP ${error.statusCode}): ${error.message}. Its token reads bucket ${scope.bucket} alone`,
      };
    }
    throw error;
  }
}

/** Exactly one number is an answer. */
export function answerOf(values: readonly number[]): QueryAnswer {
  const [value] = values;
  if (value === undefined) {
    return { problem: "its Flux gives no row with a number in _value. Check its range and filters" };
  }
  return values.length === 1
    ? { value }
    : { problem: `its Flux gives ${values.length} rows. Reduce them to one, e.g. with |> group() |> max()` };
}

/** Puts the record `run` before a query. Imports and the package clause must stay first in Flux. */
export function withRun(text: string, { bucket, testid, start, stop }: Scope) {
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => /^\s*(import\s+("|\w+\s+")|package\s)/.test(line));
  const record = flux`run = {bucket: ${bucket}, testid: ${testid}, start: ${start}, stop: ${stop}}`;
  return [...lines.slice(0, last + 1), record.toString(), ...lines.slice(last + 1)].join("\n");
}
