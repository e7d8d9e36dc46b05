import { aggregationSeconds, gatewayPort, ownPrefix } from "./names";
import { bucketTag } from "./buckets";

/** How samples are stored: each one, or added up per series, with latencies in buckets. */
export type GatewayMode = "raw" | "aggregated";

/** Where a gateway writes. */
export interface GatewayTarget {
  url: string;
  org: string;
  bucket: string;
}

/** What a gateway is configured with; its secrets come as variables of its process. */
export interface GatewayConfiguration extends GatewayTarget {
  mode: GatewayMode;
  /** Points that wait while the store is away. */
  bufferLimit: number;
  /** Where it listens. @default ":8186" */
  address?: string;
  /** Where it tells Prometheus what it counts, e.g. `:9273`. @default nowhere */
  metricsAddress?: string;
}

/** Variables by which Telegraf is given secrets, and its replica's name. */
export const gatewayVariables = {
  username: "GATEWAY_USERNAME",
  password: "GATEWAY_PASSWORD",
  token: "STORE_TOKEN",
  relay: "RELAY",
} as const;

/** Name of the file beside the configuration with the program through which samples go. */
export const seriesFile = "series.star";

/**
 * Telegraf's configuration. Three settings of it decide whether all samples arrive, each with a test against the real one:
 *
 * - `precision`: without it sums are stored by the second, and of two in a second the later replaces the earlier;
 * - `grace` and `delay`: without them samples that come late (the store or a runner was held up) or early (clocks differ) are left out of sums;
 * - `Connection: close`: k6 writes once a second. A connection that stays open between two writes may be closed by a replica that ends just as
 *   k6 writes on it again, and k6 drops what it wrote. So every write makes its own, which a replica that is about to end is not given any more.
 *
 * Another thing is not set here: the bucket must be there before the gateway starts, since Telegraf drops what is answered with 404.
 */
export function telegrafConfiguration(configuration: GatewayConfiguration, folder: string): string {
  const { url, org, bucket, mode, bufferLimit, address = `:${gatewayPort}`, metricsAddress } = configuration;
  const { username, password, token, relay } = gatewayVariables;
  const isAggregated = mode === "aggregated";
  const own = `namedrop = ["${ownPrefix}*"]`;
  return `[agent]
  interval = "5s"
  flush_interval = "1s"
  metric_batch_size = 5000
  metric_buffer_limit = ${bufferLimit}
  omit_hostname = true
  precision = "1ns"
  skip_processors_after_aggregators = true

[[inputs.http_listener_v2]]
  service_address = ${text(address)}
  paths = ["/write"]
  methods = ["POST"]
  basic_username = "\${${username}}"
  basic_password = "\${${password}}"
  http_headers = {"Connection" = "close"}
  data_format = "influx"
  influx_parser_type = "upstream"
  fieldinclude = ["value"]
${isAggregated ? `  tagexclude = ["instance_id"]\n  [inputs.http_listener_v2.tags]\n    relay = "\${${relay}}"\n` : ""}
[[inputs.internal]]
  name_prefix = "${ownPrefix}"
  namepass = ["internal_agent", "internal_aggregate", "internal_write"]
  [inputs.internal.tags]
    relay = "\${${relay}}"
${metricsAddress === undefined ? "" : `  [inputs.internal.tagdrop]\n    output = ["${prometheusOutput}"]\n`}
[[processors.starlark]]
  ${own}
  script = ${text(`${folder}/${seriesFile}`)}
${isAggregated ? aggregators(own) : ""}
[[outputs.influxdb_v2]]
  urls = [${text(url)}]
  token = "\${${token}}"
  organization = ${text(org)}
  bucket = ${text(bucket)}
  timeout = "10s"
${metricsAddress === undefined ? "" : toPrometheus(metricsAddress)}`;
}

const prometheusOutput = "prometheus_client";

/** What it counts of itself is asked for while the store is away too, which is when it matters. No sample goes there. */
function toPrometheus(address: string): string {
  return `
[[outputs.${prometheusOutput}]]
  listen = ${text(address)}
  metric_version = 2
  collectors_exclude = ["gocollector", "process"]
  namepass = ["${ownPrefix}internal_*"]
`;
}

function aggregators(own: string): string {
  const common = `  period = "${aggregationSeconds}s"
  grace = "1h"
  delay = "1h"
  drop_original = true
  ${own}`;
  return `
[[aggregators.basicstats]]
  alias = "totals"
${common}
  stats = ["count", "sum", "min", "max", "last"]
  tagexclude = ["${bucketTag}"]

[[aggregators.basicstats]]
  alias = "buckets"
${common}
  stats = ["count"]
  name_suffix = "_hist"
  [aggregators.basicstats.tagpass]
    ${bucketTag} = ["*"]
`;
}

/** A string of TOML. Telegraf replaces variables before it reads TOML, so that a plain \`$\` would not stay one. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll("$", "\\u0024");
}
