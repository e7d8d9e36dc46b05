/** k6's four kinds of metric. */
export type MetricType = "counter" | "gauge" | "rate" | "trend";

/** k6's own metrics by name, as `k6/lib` v1 registers them. A metric that is not here is the script's, and its type is not on the wire. */
const types: Record<MetricType, readonly string[]> = {
  counter: [
    "http_reqs",
    "iterations",
    "dropped_iterations",
    "data_sent",
    "data_received",
    "ws_sessions",
    "ws_msgs_sent",
    "ws_msgs_received",
    "grpc_streams",
    "grpc_streams_msgs_sent",
    "grpc_streams_msgs_received",
    "browser_data_sent",
    "browser_data_received",
  ],
  gauge: ["vus", "vus_max"],
  rate: ["checks", "http_req_failed", "browser_http_req_failed"],
  trend: [
    "http_req_duration",
    "http_req_blocked",
    "http_req_connecting",
    "http_req_tls_handshaking",
    "http_req_sending",
    "http_req_waiting",
    "http_req_receiving",
    "iteration_duration",
    "group_duration",
    "ws_connecting",
    "ws_session_duration",
    "ws_ping",
    "grpc_req_duration",
    "browser_http_req_duration",
    "browser_web_vital_cls",
    "browser_web_vital_fcp",
    "browser_web_vital_fid",
    "browser_web_vital_inp",
    "browser_web_vital_lcp",
    "browser_web_vital_ttfb",
  ],
};

const typeByName = new Map(Object.entries(types).flatMap(([type, names]) => names.map((name) => [name, type as MetricType])));

/** The type of a metric that k6 itself defines; `undefined` for the script's own metrics. */
export function builtInType(metric: string): MetricType | undefined {
  return typeByName.get(metric);
}

/** k6's own metrics of which nobody asks a percentile. */
export const untrended: readonly string[] = [...types.counter, ...types.gauge, ...types.rate];

/** Unit of a threshold's figure for people: `ms` for k6's own times, `/s` for rates of counters, else nothing. */
export function unitOf(metric: string, method: string): string {
  const type = builtInType(metric);
  if (type === "trend") {
    return metric === "browser_web_vital_cls" ? "" : "ms";
  }
  return type === "counter" && method === "rate" ? "/s" : "";
}
