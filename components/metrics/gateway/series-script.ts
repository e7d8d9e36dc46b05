import { untrended } from "../../run/thresholds-builtin";
import { bucketing, bucketTag } from "./buckets";
import { firewallMeasurement, overflowValue } from "./names";

/** What the gateway lets through per run; each replica keeps its own books. */
export interface SeriesLimits {
  /** Series of one run, not counting that runners have theirs apart in mode `raw`. */
  series: number;
  /** Different values of one tag. */
  values: number;
  /** Of them that look like URLs. */
  urls: number;
  /** Tags of the script's own that are kept; all of them where this is absent. */
  tags?: readonly string[];
}

/** Tags that k6 itself sets and whose values have a bound. */
const boundedTags = ["expected_response", "method", "proto", "status", "subproto", "tls_version", "error_code"];
/** Tags that k6 itself sets, with values of the script. */
const namedTags = ["check", "group", "name", "scenario", "service"];
/** Tags without bound: never stored. */
const droppedTags = ["error", "ip", "iter", "url", "vu"];
/** What tells runs, runners and replicas apart. */
const ownTags = ["testid", "instance_id", "relay"];

// Runs whose books are kept. A run's books are a few megabytes; more than this do not run at a time.
const rememberedRuns = 20;
// Offenders that are told by name, per tag.
const namedOffenders = 3;

/**
 * The gateway's program in Starlark, through which every sample goes: it keeps the series of a run within their limits and, in mode
 * `aggregated`, gives trends their bucket. A sample is never dropped: what is too much of a tag becomes the overflow value.
 */
export function seriesScript(limits: SeriesLimits, mode: "raw" | "aggregated"): string {
  const constants = {
    OWN: setOf(ownTags),
    BOUNDED: setOf(boundedTags),
    NAMED: setOf(namedTags),
    DROPPED: setOf(droppedTags),
    ALLOWED: limits.tags === undefined ? "None" : setOf(limits.tags),
    MAX_SERIES: limits.series,
    MAX_VALUES: limits.values,
    MAX_URLS: limits.urls,
    MAX_RUNS: rememberedRuns,
    MAX_TOLD: namedOffenders,
    OVERFLOW: JSON.stringify(overflowValue),
    TOLD: JSON.stringify(firewallMeasurement),
  };
  const given = Object.entries(constants).map(([name, value]) => `${name} = ${value}`);
  return [
    ...(mode === "aggregated" ? [bucketScript()] : []),
    ...given,
    firewall,
    mode === "aggregated" ? applyBucketed : applyRaw,
  ].join("\n");
}

function setOf(names: readonly string[]): string {
  return `{${names.map((name) => `${JSON.stringify(name)}: True`).join(", ")}}`;
}

function bucketScript(): string {
  const { smallest, logRatio, tolerance, middles } = bucketing;
  return `load("math.star", "math")
UNTRENDED = ${setOf(untrended)}
MIDDLES = ${JSON.stringify(middles)}

def bucket(value):
    size = abs(value)
    if size <= ${smallest}:
        return "0"
    i = int(math.ceil(math.log(size / ${smallest}) / ${logRatio} - ${tolerance.toFixed(6)}))
    middle = MIDDLES[max(0, min(i, len(MIDDLES)) - 1)]
    return middle if value > 0 else "-" + middle
`;
}

const firewall = `
def books(run):
    known = state.get(run)
    if known == None:
        order = state.setdefault("", [])
        if len(order) >= MAX_RUNS:
            state.pop(order.pop(0))
        order.append(run)
        known = {"series": {}, "values": {}, "urls": {}, "told": {}}
        state[run] = known
    return known

def key_of(metric, bucket):
    return metric.name + "\\n" + bucket + "\\n" + "\\n".join([tag + "=" + value for tag, value in metric.tags.items() if tag not in OWN])

def tell(known, offences, metric, tag, reason, value):
    told = known["told"].setdefault(tag + " " + reason, [])
    if len(told) >= MAX_TOLD or value in told:
        return
    told.append(value)
    offence = Metric(TOLD)
    offence.time = metric.time + len(told)
    for name in OWN:
        if name in metric.tags:
            offence.tags[name] = metric.tags[name]
    offence.tags["tag"] = tag
    offence.tags["reason"] = reason
    offence.fields["metric"] = metric.name
    offence.fields["offender"] = value[:200]
    offences.append(offence)

def overflow(known, tag, value):
    values = known["values"].setdefault(tag, {})
    if value in values:
        return None
    if len(values) >= MAX_VALUES:
        return "values"
    if value.startswith("http://") or value.startswith("https://"):
        urls = known["urls"].get(tag, 0)
        if urls >= MAX_URLS:
            return "urls"
        known["urls"][tag] = urls + 1
    values[value] = True
    return None

def admit(known, offences, metric, bucket):
    for tag in metric.tags.keys():
        if tag in OWN or tag in BOUNDED:
            continue
        value = metric.tags[tag]
        if tag not in NAMED:
            if tag in DROPPED or (ALLOWED != None and tag not in ALLOWED):
                metric.tags.pop(tag)
                tell(known, offences, metric, tag, "tag", value)
                continue
            if tag not in known["values"] and len(known["values"]) >= MAX_VALUES:
                metric.tags.pop(tag)
                tell(known, offences, metric, tag, "tags", value)
                continue
        if value == OVERFLOW:
            continue
        reason = overflow(known, tag, value)
        if reason != None:
            metric.tags[tag] = OVERFLOW
            tell(known, offences, metric, tag, reason, value)
    key = key_of(metric, bucket)
    series = known["series"]
    if key in series:
        return
    if len(series) >= MAX_SERIES:
        for tag in metric.tags.keys():
            if tag not in OWN and tag not in BOUNDED and metric.tags[tag] != OVERFLOW:
                tell(known, offences, metric, tag, "series", metric.tags[tag])
                metric.tags[tag] = OVERFLOW
        key = key_of(metric, bucket)
    series[key] = True
`;

const applyRaw = `
def apply(metric):
    known = books("run " + metric.tags.get("testid", ""))
    if key_of(metric, "") in known["series"]:
        return metric
    offences = []
    admit(known, offences, metric, "")
    return [metric] + offences
`;

const applyBucketed = `
def apply(metric):
    known = books("run " + metric.tags.get("testid", ""))
    middle = ""
    if metric.name not in UNTRENDED and "value" in metric.fields:
        middle = bucket(metric.fields["value"])
    offences = []
    if key_of(metric, middle) not in known["series"]:
        admit(known, offences, metric, middle)
    if middle != "":
        metric.tags["${bucketTag}"] = middle
    return [metric] + offences
`;
