import { HttpError, InfluxDB, RequestTimedOutError, type ParameterizedQuery, type QueryApi } from "@influxdata/influxdb-client";
import pRetry from "p-retry";
import { AggregatedReader } from "./store-aggregated";
import { figurePlan, type Reduction, type Scope, type Selection } from "./store-query";
import { RawReader } from "./store-raw";
import type { StoredRow, StoreReader } from "./store-reader";
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
  private readonly reader: StoreReader;

  constructor(
    connection: StoreConnection,
    private readonly scope: Scope,
    /** Of the load, for figures per second. */
    private readonly durationSeconds: number,
  ) {
    const { url, org, token } = connection;
    this.api = new InfluxDB({ url, token, timeout: timeoutMs }).getQueryApi(org);
    const rows = (query: ParameterizedQuery) => this.rows(query);
    this.reader = scope.mode === "aggregated" ? new AggregatedReader(rows) : new RawReader(rows);
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
    const selection = { metric: threshold.metric, tags: threshold.tags, addRunners };
    const value = (await this.reader.value(this.scope, selection, reduction)) ?? absent;
    if (value === undefined || !perSecond) {
      return value;
    }
    return this.durationSeconds > 0 ? value / this.durationSeconds : undefined;
  }

  /** A reduction per window, counted from the start of `during`; empty windows are left out. */
  windows(during: Scope, selection: Selection, reduction: Reduction, seconds: number): Promise<StoredRow[]> {
    return this.reader.windows(during, selection, reduction, seconds);
  }

  /** What is stored of a metric by the runner's `instance_id`; under `""` where the store does not know runners apart. */
  byRunner(metric: string, of: "sum" | "count"): Promise<Map<string, number>> {
    return this.reader.byRunner(this.scope, metric, of);
  }

  /** Rows of a query, with the start of their window where there is one. */
  async rows(query: ParameterizedQuery): Promise<StoredRow[]> {
    const rows = await this.records<InfluxRow>(query);
    return rows
      .filter((row): row is InfluxRow & { _value: number } => typeof row._value === "number")
      .map(({ _time, _value, instance_id, bucket_mid }) => ({
        time: Date.parse(_time ?? ""),
        value: _value,
        instance: instance_id ?? "",
        bucket: bucket_mid ?? "",
      }));
  }

  /** Rows of a query as they are. */
  records<Row>(query: ParameterizedQuery): Promise<Row[]> {
    return pRetry(() => this.api.collectRows<Row>(query), { retries: 3, minTimeout: 200, shouldRetry: isPassing });
  }

  private pooled(metric: string, reduction: Reduction): Promise<number | undefined> {
    return this.reader.value(this.scope, { metric }, reduction);
  }
}

/** An answer with a status is the store's word, and a timeout was long enough; what remains is a connection that broke. */
function isPassing(error: Error): boolean {
  return !(error instanceof HttpError || error instanceof RequestTimedOutError);
}

interface InfluxRow {
  _time?: string;
  _value?: number | null;
  instance_id?: string;
  bucket_mid?: string;
}
