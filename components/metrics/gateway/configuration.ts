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

// k6 sends what a second brought at once: 30,000 requests are 60 MB. Telegraf's own limit, 32 MiB, is answered with 413, and k6 drops it.
const maxBodyBytes = 256 * 1024 * 1024;

/**
 * Telegraf's configuration. Three settings of it decide whether all samples arrive, each with a test against the real one:
 *
 * - `precision`: without it sums are stored by the second, and of two in a second the later replaces the earlier;
 * - `grace` and `delay`: without them samples that come late (the store or a runner was held up) or early (clocks differ) are left out of sums;
 * - `max_body_size`: see above.
 *
 * A fourth thing is not set here: the bucket must be there before the gateway starts, since Telegraf drops what is answered with 404.
 */
export function telegrafConfiguration(configuration: GatewayConfiguration, folder: string): string {
  const { url, org, bucket, mode, bufferLimit, address = `:${gatewayPort}` } = configuration;
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

[[inputs.influxdb_listener]]
  service_address = ${text(address)}
  max_body_size = ${maxBodyBytes}
  basic_username = "\${${username}}"
  basic_password = "\${${password}}"
  parser_type = "upstream"
  fieldinclude = ["value"]
${isAggregated ? `  tagexclude = ["instance_id"]\n  [inputs.influxdb_listener.tags]\n    relay = "\${${relay}}"\n` : ""}
[[inputs.internal]]
  name_prefix = "${ownPrefix}"
  namepass = ["internal_agent", "internal_aggregate", "internal_influxdb_listener", "internal_write"]
  [inputs.internal.tags]
    relay = "\${${relay}}"

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
