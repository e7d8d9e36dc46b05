import { compareDashboard } from "./compare";
import { fleetDashboard } from "./fleet";
import { generatorsDashboard } from "./generators";
import type { Dashboard } from "./model";
import { platformDashboard } from "./platform";
import { runDashboard } from "./run";

/** What dashboards may stand on besides the store. */
export interface DashboardSources {
  /** Whether Grafana has a Prometheus that knows the cluster: then pods, operator and the store's size are shown. @default false */
  prometheus?: boolean;
}

/** All dashboards. */
export function dashboards({ prometheus = false }: DashboardSources = {}): Dashboard[] {
  return [runDashboard, compareDashboard, fleetDashboard, generatorsDashboard(prometheus), platformDashboard(prometheus)];
}
