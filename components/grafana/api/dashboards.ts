import { createHash } from "node:crypto";
import pRetry, { AbortError } from "p-retry";
import { dashboardTag } from "../dashboards/render";
import type { Grafana } from "./client";
import { GrafanaRefusal, type Asked } from "./errors";
import { isConflict, lookAtFolder } from "./folders";

/** A dashboard that shall be there. */
export interface DashboardWish {
  uid: string;
  /** Uid of its folder. */
  folder: string;
  /** Its JSON as text. */
  json: string;
}

/** A dashboard as it is. */
export interface DashboardFound {
  /** Of what Grafana keeps: another one when somebody changed it. */
  keptDigest: string;
  folder: string;
}

/** As it is, with all of it. */
export interface DashboardKept extends DashboardFound {
  json: string;
}

interface DashboardAnswer {
  dashboard: Record<string, unknown> & { version?: number; tags?: string[]; title?: string };
  meta: { folderUid?: string; folderId?: number; provisioned?: boolean };
}

/** A save that found somebody else's in between is tried again from the start. */
const attempts = 3;

/**
 * Makes a dashboard, or puts the one of its uid back to what it shall be. Nothing is written where nothing differs, since each write is a
 * version in Grafana's history.
 *
 * @param known what was kept after the last time
 * @throws {GrafanaRefusal} where the dashboard of this uid, or of this title, is not ours
 */
export async function ensureDashboard(grafana: Grafana, wish: DashboardWish, known?: DashboardKept): Promise<DashboardFound> {
  const { ourDashboards, version } = await grafana.abilities();
  if (!ourDashboards) {
    throw new GrafanaRefusal(
      `${grafana.name} is version ${version}: these dashboards need 8.3 or newer, an older one would show empty panels. Upgrade it, or use ` +
        'content: "none", which marks verdicts alone.',
      422,
    );
  }
  return pRetry(
    () =>
      save(grafana, wish, known).catch((error: unknown) => {
        throw isVersionConflict(error) ? error : new AbortError(error as Error);
      }),
    { retries: attempts - 1, minTimeout: 0 },
  );
}

/** The dashboard as it is now; `undefined` where it is gone. */
export async function lookAtDashboard(grafana: Grafana, uid: string): Promise<DashboardKept | undefined> {
  const found = await find(grafana, uid);
  return found === undefined ? undefined : { ...describe(found), json: keptJson(found) };
}

/** Fine when it is gone already; one that lost our tag is somebody else's now and stays. */
export async function removeDashboard(grafana: Grafana, uid: string): Promise<void> {
  const found = await find(grafana, uid);
  if (found !== undefined && isOurs(found)) {
    const permissions = `dashboards:delete on dashboards:uid:${uid}`;
    await grafana.remove({ action: `delete dashboard ${uid}`, role: "Editor", permissions }, pathOf(uid));
  }
}

async function save(grafana: Grafana, wish: DashboardWish, known?: DashboardKept): Promise<DashboardFound> {
  const { uid, folder, json } = wish;
  const found = await find(grafana, uid);
  if (found !== undefined && !isOurs(found)) {
    throw new GrafanaRefusal(
      `${grafana.name} has a dashboard with uid ${uid}, "${found.dashboard.title ?? ""}", without our tag ${dashboardTag}: it is not replaced. ` +
        "Delete it or give it another uid, or add the tag to have it replaced.",
      409,
    );
  }
  if (found !== undefined && known !== undefined && known.json === json) {
    const now = describe(found);
    if (now.keptDigest === known.keptDigest && now.folder === folder) {
      return now;
    }
  }
  const { folderByUid } = await grafana.abilities();
  const place = folderByUid ? { folderUid: folder } : { folderId: (await lookAtFolder(grafana, folder))?.folderId ?? 0 };
  // Not `overwrite`: before 11.3 it would replace another dashboard that happens to have this title.
  const dashboard = {
    ...(JSON.parse(json) as object),
    id: null,
    ...(found === undefined ? {} : { version: found.dashboard.version }),
  };
  const body = { dashboard, ...place, message: "pulumi-k6", overwrite: false };
  const permissions = `dashboards:create and dashboards:write on folders:uid:${folder}`;
  const asked: Asked = { action: `save dashboard ${uid}`, role: "Editor", permissions };
  await grafana.ask(asked, "POST", "/api/dashboards/db", body);
  const saved = await find(grafana, uid);
  if (saved === undefined) {
    throw new GrafanaRefusal(`${grafana.name} took dashboard ${uid} and does not have it: look at its log.`, 404);
  }
  return describe(saved);
}

function find(grafana: Grafana, uid: string): Promise<DashboardAnswer | undefined> {
  return grafana.find({ action: "read a dashboard", role: "Viewer", permissions: "dashboards:read" }, pathOf(uid));
}

function describe(found: DashboardAnswer): DashboardFound {
  return { keptDigest: createHash("sha256").update(keptJson(found)).digest("hex"), folder: found.meta.folderUid ?? "" };
}

/** Without what Grafana counts by itself. */
function keptJson({ dashboard }: DashboardAnswer): string {
  return JSON.stringify(
    ordered(Object.fromEntries(Object.entries(dashboard).filter(([key]) => key !== "id" && key !== "version"))),
  );
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(ordered);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}

function isOurs({ dashboard: { tags = [] } }: DashboardAnswer): boolean {
  return tags.includes(dashboardTag);
}

/** Somebody saved in between; another dashboard of this title is told with the same status. */
function isVersionConflict(error: unknown): boolean {
  return isConflict(error) && /version|changed by someone|conflict/i.test((error as Error).message);
}

function pathOf(uid: string): string {
  return `/api/dashboards/uid/${encodeURIComponent(uid)}`;
}
