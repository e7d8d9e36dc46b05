import { createHash } from "node:crypto";
import { ordered } from "../../state-values";
import type { Grafana } from "./client";
import { GrafanaRefusal, type Asked } from "./errors";

/** A dashboard as Grafana keeps it. */
export interface KeptDashboard {
  dashboard: Record<string, unknown> & { version?: number; tags?: string[]; title?: string };
  meta: { folderUid?: string; folderId?: number };
  /** Whether it is kept in the form of schema 2, which Grafana 13 saves what is edited in it in. */
  isNewer: boolean;
}

interface NewerDashboard {
  metadata: { annotations?: Record<string, string> };
  spec: Record<string, unknown> & { tags?: string[]; title?: string };
}

const reading: Asked = { action: "read a dashboard", role: "Viewer", permissions: "dashboards:read" };

/** The dashboard of a uid; `undefined` where there is none. */
export async function findDashboard(grafana: Grafana, uid: string): Promise<KeptDashboard | undefined> {
  try {
    const found = await grafana.find<Omit<KeptDashboard, "isNewer">>(reading, dashboardPath(uid));
    return found === undefined ? undefined : { ...found, isNewer: false };
  } catch (error) {
    const path = newerPath(error);
    if (path === undefined) {
      throw error;
    }
    const found = await grafana.find<NewerDashboard>(reading, path);
    const folderUid = found?.metadata.annotations?.["grafana.app/folder"] ?? "";
    return found === undefined ? undefined : { dashboard: found.spec, meta: { folderUid }, isNewer: true };
  }
}

/** Where a dashboard is that the older API refuses to tell: its answer, 406, names the place in the newer one. */
function newerPath(error: unknown): string | undefined {
  const isRefused = error instanceof GrafanaRefusal && error.status === 406;
  return isRefused ? /\/apis\/dashboard\.grafana\.app\/[\w./-]+/.exec(error.message)?.[0] : undefined;
}

/** Path of a dashboard in the older API. */
export function dashboardPath(uid: string): string {
  return `/api/dashboards/uid/${encodeURIComponent(uid)}`;
}

/** Its JSON without what Grafana counts by itself, its keys in order: the same text for the same dashboard. */
export function keptJson({ dashboard }: KeptDashboard): string {
  return JSON.stringify(
    ordered(Object.fromEntries(Object.entries(dashboard).filter(([key]) => key !== "id" && key !== "version"))),
  );
}

/** A digest of that. */
export function keptDigest(found: KeptDashboard): string {
  return createHash("sha256").update(keptJson(found)).digest("hex");
}
