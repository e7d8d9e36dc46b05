/** Uids of the dashboards: links and replacement go by them. */
export const dashboardUids = {
  run: "k6-run",
  compare: "k6-compare",
  fleet: "k6-fleet",
  generators: "k6-generators",
  platform: "k6-platform",
} as const;

/** Name of a dashboard. */
export type DashboardName = keyof typeof dashboardUids;

/** A uid of ours with the name by which one stack's things in Grafana are told from another's. */
export function uidOf(uid: string, name?: string): string {
  return name === undefined ? uid : `${uid}-${name}`;
}

/** A title with that name. */
export function titleOf(title: string, name?: string): string {
  return name === undefined ? title : `${title} ${name}`;
}
