import { stringify } from "yaml";
import { dataSourceBody } from "./api/data-sources";
import type { DataSourceWish } from "./api/data-sources";
import { dashboards, type DashboardSources } from "./dashboards/dashboards";
import { renderDashboard } from "./dashboards/render";

/** Uid of the data source that we make. */
export const storeUid = "k6-store";
/** Uid of the folder that we make. */
export const folderUid = "k6";

/** Variable of Grafana's process with the token for the store. */
export const tokenVariable = "STORE_TOKEN";
/** Where the files with dashboards are mounted. */
export const dashboardFolder = "/etc/k6-dashboards";

/** The data source, as Grafana reads it at its start. Its token is a variable, which Grafana fills in. */
export function dataSourceFile(store: Omit<DataSourceWish, "uid" | "title" | "readToken">): string {
  const wish = { ...store, uid: storeUid, title: "k6 store", readToken: `$${tokenVariable}` };
  return stringify({ apiVersion: 1, datasources: [{ ...dataSourceBody(wish), isDefault: true, editable: false }] });
}

/** Where Grafana finds dashboards, as it reads it at its start. */
export function dashboardProviderFile(folder: string): string {
  const provider = {
    ...{ name: "k6", type: "file", folder, folderUid, orgId: 1 },
    ...{ disableDeletion: true, allowUiUpdates: false, options: { path: dashboardFolder } },
  };
  return stringify({ apiVersion: 1, providers: [provider] });
}

/** A file for each dashboard, by its name. */
export function dashboardFiles(sources: DashboardSources): Record<string, string> {
  return Object.fromEntries(
    dashboards(sources).map((dashboard) => [`${dashboard.uid}.json`, JSON.stringify(renderDashboard(dashboard))]),
  );
}
