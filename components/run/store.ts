import { HttpError, InfluxDB, RequestTimedOutError, type ParameterizedQuery, type QueryApi } from "@influxdata/influxdb-client";
import pRetry from "p-retry";
import { figurePlan, perRunner, pooled, reduced, type Reduction, type Scope } from "./store-query";
import type { Threshold } from "./thresholds";
import type { RunFigures } from "./types";

/** How to read the store. */
export interface StoreConnection {
  url: string;
  org: string;
  /** May read the bucket. */
  token: string;
}

/** What is stored of a run's counts. */
export type StoredCounts = Pick<RunFigures, "requests" | "iterations">;

// An exact percentile over 5 million samples takes about 0.5 s; a minute is for a store that is busy with other runs.
const timeoutMs = 60_000;

/** Figures of one run, pooled over all runners. Every method throws where the store does not answer. */
export class Store {
  private readonly api: QueryApi;

  constructor(
    connection: StoreConnection,
    private readonly scope: Scope,
    /** Of the load, for figures per second. */
    private readonly durationSeconds: number,
  ) {
    const { url, org, token } = connection;
    this.api = new InfluxDB({ url, token, timeout: timeoutMs }).getQueryApi(org);
  }

  async counts(): Promise<StoredCounts> {
    const [requests = 0, iterations = 0] = await Promise.all([this.pooled("http_reqs", "sum"), this.pooled("iterations", "sum")]);
    return { requests, iterations };
  }

  async figures(): Promise<RunFigures> {
    const duration = (reduction: Reduction) => this.pooled("http_req_duration", reduction);
    const [counts, errorRate, p50, p95, p99, max] = await Promise.all([
      this.counts(),
      this.pooled("http_req_failed", "mean"),
      duration({ quantile: 0.5 }),
      duration({ quantile: 0.95 }),
      duration({ quantile: 0.99 }),
      duration("max"),
    ]);
    const perSecond = this.durationSeconds > 0 ? counts.requests / this.durationSeconds : null;
    const orNull = (value: number | undefined) => value ?? null;
    return {
      ...counts,
      errorRate: orNull(errorRate),
      requestsPerSecond: perSecond,
      p50: orNull(p50),
      p95: orNull(p95),
      p99: orNull(p99),
      max: orNull(max),
    };
  }

  /** The figure that a threshold compares; `undefined` where there is no sample to evaluate. */
  async figureOf(threshold: Threshold): Promise<number | undefined> {
    const { reduction, perSecond, addRunners, absent } = figurePlan(threshold);
    const samples = addRunners ? perRunner(this.scope, threshold.metric) : pooled(this.scope, threshold.metric, threshold.tags);
    const rows = await this.rows(reduced(samples, reduction));
    const value = rows.length === 0 ? absent : rows.reduce((sum, { value }) => sum + value, 0);
    if (value === undefined || !perSecond) {
      return value;
    }
    return this.durationSeconds > 0 ? value / this.durationSeconds : undefined;
  }

  /** Rows of a query, with the start of their window where there is one. */
  async rows(query: ParameterizedQuery): Promise<StoredRow[]> {
    const rows = await pRetry(() => this.api.collectRows<InfluxRow>(query), {
      retries: 3,
      minTimeout: 200,
      shouldRetry: isPassing,
    });
    return rows
      .filter((row): row is InfluxRow & { _value: number } => typeof row._value === "number")
      .map(({ _time, _value, instance_id }) => ({ time: Date.parse(_time ?? ""), value: _value, instance: instance_id ?? "" }));
  }

  private async pooled(metric: string, reduction: Reduction): Promise<number | undefined> {
    const [row] = await this.rows(reduced(pooled(this.scope, metric), reduction));
    return row?.value;
  }
}

/** An answer with a status is the store's word, and a timeout was long enough; what remains is a connection that broke. */
function isPassing(error: Error): boolean {
  return !(error instanceof HttpError || error instanceof RequestTimedOutError);
}

/** A row of the store. */
export interface StoredRow {
  /** Milliseconds since 1970; `NaN` where the query keeps no time. */
  time: number;
  value: number;
  /** The runner's `instance_id`, where the query keeps it. */
  instance: string;
}

interface InfluxRow {
  _time?: string;
  _value?: number | null;
  instance_id?: string;
}
