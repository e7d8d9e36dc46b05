import type { Reduction, Scope, Selection } from "./store-query";

/** A row of the store. */
export interface StoredRow {
  /** Milliseconds since 1970; `NaN` where the query keeps no time. */
  time: number;
  value: number;
  /** The runner's `instance_id`, where the query keeps it. */
  instance: string;
  /** The middle of a bucket, where the query keeps it. */
  bucket: string;
}

/** What is asked of a store, whichever way samples are stored in it. */
export interface StoreReader {
  /** A whole scope as one figure; `undefined` where there is no sample. */
  value(scope: Scope, selection: Selection, reduction: Reduction): Promise<number | undefined>;
  /** A row per window and, with `addRunners`, runner; windows are counted from the scope's start, empty ones left out. */
  windows(scope: Scope, selection: Selection, reduction: Reduction, seconds: number): Promise<StoredRow[]>;
  /** By the runner's `instance_id`; under `""` where the store does not know runners apart. */
  byRunner(scope: Scope, metric: string, of: "sum" | "count"): Promise<Map<string, number>>;
}
