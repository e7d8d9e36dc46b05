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
