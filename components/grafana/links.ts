import { dashboardUids, uidOf, type DashboardName } from "./dashboards/uids";
import { limitVariables } from "./dashboards/run";

/** Where people open Grafana. */
export interface GrafanaSite {
  /** Address for people, with the path under which it is served, e.g. `https://grafana.example.com/tools`. */
  url: string;
  /** Number of the organisation. @default 1 */
  org?: number;
  /** Uid of the data source. */
  dataSource: string;
  /** Tells its dashboards from those of another stack. @default nothing does */
  name?: string;
}

/** When a run had load. */
export interface RunTime {
  start: Date;
  stop: Date;
}

/** Windows begin at full tens of seconds, so that the first and the last are whole; a gateway's last sums come some seconds later. */
const step = 10_000;

/** The time that a link shows: the run, with at least ten seconds before and after. Milliseconds since 1970. */
export function shownTime({ start, stop }: RunTime): { from: number; to: number } {
  return {
    from: Math.floor(start.getTime() / step) * step - step,
    to: Math.ceil(stop.getTime() / step) * step + step,
  };
}

/** Limits that are drawn as lines. */
export interface RunLimits {
  /** Of response times, milliseconds. */
  durationMs?: number;
  /** Of the share of failed requests, percent. */
  failedPercent?: number;
}

/** The address of a run's dashboard. */
export function runUrl(site: GrafanaSite, run: string, time: RunTime, limits: RunLimits = {}): string {
  const { durationMs, failedPercent } = limits;
  return dashboardUrl(site, "run", {
    "var-testid": run,
    ...(durationMs === undefined ? {} : { [`var-${limitVariables.duration}`]: String(durationMs) }),
    ...(failedPercent === undefined ? {} : { [`var-${limitVariables.failed}`]: String(failedPercent) }),
    ...rangeOf(time),
  });
}

/** The address of a dashboard. */
export function dashboardUrl(site: GrafanaSite, name: DashboardName, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams({ orgId: orgOf(site), "var-datasource": site.dataSource, ...parameters });
  return `${rootOf(site)}/d/${uidOf(dashboardUids[name], site.name)}?${query.toString()}`;
}

/** The address of Explore, in Grafana 10 and newer, with a query for the run's samples. */
export function exploreUrl(site: GrafanaSite, run: string, time: RunTime): string {
  const { from, to } = shownTime(time);
  const datasource = { type: "influxdb", uid: site.dataSource };
  const query = `from(bucket: v.defaultBucket)
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "http_reqs" and r.testid == "${run}" and r._field =~ /^value(_sum)?$/)
  |> group(columns: ["name"]) |> aggregateWindow(every: v.windowPeriod, fn: sum, createEmpty: false)`;
  const panes = {
    k6: { datasource: site.dataSource, queries: [{ refId: "A", datasource, query }], range: { from: `${from}`, to: `${to}` } },
  };
  const parameters = new URLSearchParams({ schemaVersion: "1", orgId: orgOf(site), panes: JSON.stringify(panes) });
  return `${rootOf(site)}/explore?${parameters.toString()}`;
}

function rangeOf(time: RunTime): Record<string, string> {
  const { from, to } = shownTime(time);
  return { from: String(from), to: String(to) };
}

function rootOf({ url }: GrafanaSite): string {
  return url.replace(/\/+$/, "");
}

function orgOf({ org = 1 }: GrafanaSite): string {
  return String(org);
}
