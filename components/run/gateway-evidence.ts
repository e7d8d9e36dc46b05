import { overflowValue } from "../metrics/gateway/names";
import type { GatewayCounters } from "./accounting";

/** A counter of a replica of the gateway, since that was started. */
export interface CounterRow {
  _time: string;
  _value: number;
  _field: string;
  relay?: string;
}

/** What the replicas counted while a run went on; `undefined` where they tell nothing. */
export function gatewayCounters(rows: readonly CounterRow[]): GatewayCounters | undefined {
  if (rows.length === 0) {
    return undefined;
  }
  const series = new Map<string, CounterRow[]>();
  for (const row of [...rows].sort((a, b) => Date.parse(a._time) - Date.parse(b._time))) {
    const key = `${row._field} ${row.relay ?? ""}`;
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  const of = (field: string) => [...series].filter(([key]) => key.startsWith(`${field} `)).map(([, all]) => all);
  const times = rows.map(({ _time }) => Date.parse(_time));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  // A replica says something every five seconds: one that is silent for longer is gone, and one that begins later is new.
  const lives = (all: CounterRow[]) => last - Date.parse(all[all.length - 1]._time) < silenceMs;
  const isNew = (all: CounterRow[]) => Date.parse(all[0]._time) - first > silenceMs;
  return {
    dropped: sum(of("metrics_dropped").map((all) => increase(all, isNew(all)))),
    rejected: sum(of("metrics_rejected").map((all) => increase(all, isNew(all)))),
    buffered: sum(
      of("buffer_size")
        .filter(lives)
        .map((all) => all[all.length - 1]._value),
    ),
    restarted: of("metrics_added").some((all) => isNew(all) || all.some(({ _value }, i) => i > 0 && _value < all[i - 1]._value)),
  };
}

const silenceMs = 12_000;

/** By how much a counter went up; where it went down, its process was started anew and counted from nothing. */
function increase(rows: readonly CounterRow[], fromNothing: boolean): number {
  return rows.reduce((total, { _value }, i) => {
    const before = i === 0 ? (fromNothing ? 0 : _value) : rows[i - 1]._value;
    return total + (_value >= before ? _value - before : _value);
  }, 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** What the gateway says when a tag of a run has too much. */
export interface Offence {
  tag: string;
  /** What there is too much of, or `tag`: not to be stored. */
  reason: "urls" | "values" | "series" | "tag" | "tags";
  /** The metric in which it was seen. */
  metric: string;
  /** The value that was held back. */
  offender: string;
}

/** A sentence for each tag, naming the first values that were held back. */
export function offenceSentences(offences: readonly Offence[]): string[] {
  const byTag = new Map<string, Offence[]>();
  for (const offence of offences) {
    const key = `${offence.tag} ${offence.reason}`;
    byTag.set(key, [...(byTag.get(key) ?? []), offence]);
  }
  return [...byTag.values()].map((all) => {
    const [{ tag, reason, metric }] = all;
    const values = [...new Set(all.map(({ offender }) => `"${offender}"`))].slice(0, shownValues).join(", ");
    return `tag ${tag} ${complaints[reason]}, first seen in ${metric}: ${values}. ${remedies[reason]}`;
  });
}

const shownValues = 3;

const counted = `so what came after is counted under "${overflowValue}"`;
const complaints: Record<Offence["reason"], string> = {
  urls: `has too many different URLs as its values, ${counted}`,
  values: `has too many different values, ${counted}`,
  series: `makes more series than a run may have, ${counted}`,
  tag: "was left out, as it is not among those that the gateway stores",
  tags: "was left out, as the script has too many tags of its own",
};

const group = 'Give what belongs together one value, e.g. http.get(url, { tags: { name: "product" } }).';
const remedies: Record<Offence["reason"], string> = {
  urls: group,
  values: group,
  series: `${group} Or raise the gateway's seriesPerRun.`,
  tag: "Add it to the gateway's tags, unless each sample has a value of its own.",
  tags: "Use fewer, or list those that count in the gateway's tags.",
};
