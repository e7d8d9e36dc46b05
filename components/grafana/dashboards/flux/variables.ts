import { program } from "./source";

const schema = ["influxdata/influxdb/schema"];

/** Without a start, InfluxDB looks back 30 days alone. */
const start = "-90d";

/** Names of all runs. */
export const runNames = program(schema, `schema.tagValues(bucket: v.defaultBucket, tag: "testid", start: ${start})`);

/** Scenarios of the run. */
export const scenarios = tagsOf("scenario");

/** Names of the run's requests. */
export const requestNames = tagsOf("name");

function tagsOf(tag: string): string {
  const predicate = `(r) => r._measurement == "http_reqs" and r.testid == "\${testid}"`;
  return program(schema, `schema.tagValues(bucket: v.defaultBucket, tag: "${tag}", predicate: ${predicate}, start: ${start})`);
}

/** A limit as a line: the number that a link gives in a variable, or nothing. */
export function limitLine(variable: string): string {
  return program(
    ["array"],
    `limit = "\${${variable}}"
array.from(rows: [
  {_time: v.timeRangeStart, _value: if limit == "" then 0.0 else float(v: limit), series: "limit"},
  {_time: v.timeRangeStop, _value: if limit == "" then 0.0 else float(v: limit), series: "limit"},
])
  |> filter(fn: (r) => limit != "") |> group(columns: ["series"])`,
  );
}
