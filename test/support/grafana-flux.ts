/** What a reader of a dashboard has chosen. */
export interface Reader {
  bucket: string;
  org: string;
  from: Date;
  to: Date;
  /** As Grafana makes it of the width of a panel and its shortest window, e.g. `5s`. */
  windowPeriod: string;
  /** Values of variables; those that may have several stand for `All` where they are not here. */
  variables: Record<string, string | string[]>;
}

/** Grafana's own expression for `v.something` in Flux: any word before the dot counts. */
const macro = /([a-zA-Z]+)\.([a-zA-Z]+)/g;

/** Makes of a panel's Flux what Grafana sends to the store: first the variables, as the browser does, then the macros, as the server does. */
export function asGrafanaSends(flux: string, reader: Reader): string {
  const { bucket, org, from, to, windowPeriod, variables } = reader;
  const interpolated = flux.replace(/\$\{(\w+)(?::(\w+))?\}/g, (_, name: string, format?: string) => {
    const value = variables[name];
    if (format === "regex") {
      return value === undefined ? ".*" : regex(value);
    }
    if (typeof value !== "string") {
      throw new Error(`\${${name}} has no single value in this test: ${String(value)}`);
    }
    return value;
  });
  const known: Record<string, string> = {
    timeRangeStart: from.toISOString(),
    timeRangeStop: to.toISOString(),
    windowPeriod,
    bucket: JSON.stringify(bucket),
    defaultBucket: JSON.stringify(bucket),
    organization: JSON.stringify(org),
  };
  return interpolated.replace(macro, (text, _word: string, key: string) => known[key] ?? text);
}

function regex(value: string | string[]): string {
  const escaped = [value].flat().map((text) => text.replace(/[\\^$*+?.()|[\]{}/]/g, "\\$&"));
  return escaped.length === 1 ? (escaped[0] ?? "") : `(${escaped.join("|")})`;
}
