import { compareDashboard } from "./compare";
import { fleetDashboard } from "./fleet";
import { generatorsDashboard } from "./generators";
import type { Dashboard } from "./model";
import { platformDashboard } from "./platform";
import { runDashboard } from "./run";
import { titleOf, uidOf } from "./uids";

/** What dashboards may stand on besides the store, and what they are called. */
export interface DashboardSources {
  /** Whether Grafana has a Prometheus that knows the cluster: then pods, operator and the store's size are shown. @default false */
  prometheus?: boolean;
  /** Tells them from those of another stack in the same Grafana. @default nothing does */
  name?: string;
}

/** All dashboards. */
export function dashboards({ prometheus = false, name }: DashboardSources = {}): Dashboard[] {
  const told = (dashboard: Dashboard): Dashboard => ({
    ...dashboard,
    uid: uidOf(dashboard.uid, name),
    title: titleOf(dashboard.title, name),
  });
  const fleet = told(fleetDashboard(name));
  const { uid, title, from } = fleet;
  const besideFleet = (dashboard: Dashboard): Dashboard => ({ ...told(dashboard), wider: { uid, title, from } });
  return [
    ...[besideFleet(runDashboard), besideFleet(compareDashboard), fleet],
    ...[besideFleet(generatorsDashboard(prometheus)), besideFleet(platformDashboard(prometheus))],
  ];
}
