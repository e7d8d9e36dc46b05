import pRetry, { AbortError } from "p-retry";
import { dashboardTag, ownerAmong } from "../dashboards/render";
import type { Grafana } from "./client";
import { GrafanaRefusal, type Asked } from "./errors";
import { isConflict, lookAtFolder } from "./folders";
import { dashboardPath, findDashboard, keptDigest, keptJson, type KeptDashboard } from "./kept-dashboards";

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
  const found = await findDashboard(grafana, uid);
  return found === undefined ? undefined : { ...describe(found), json: keptJson(found) };
}

/** Fine when it is gone already; one that lost our tag, or is another stack's by now, stays. */
export async function removeDashboard(grafana: Grafana, { uid, json }: Pick<DashboardWish, "uid" | "json">): Promise<void> {
  const found = await findDashboard(grafana, uid);
  if (found !== undefined && whose(found, [json]) === "ours") {
    const permissions = `dashboards:delete on dashboards:uid:${uid}`;
    await grafana.remove({ action: `delete dashboard ${uid}`, role: "Editor", permissions }, dashboardPath(uid));
  }
}

async function save(grafana: Grafana, wish: DashboardWish, known?: DashboardKept): Promise<DashboardFound> {
  const { uid, folder, json } = wish;
  const found = await findDashboard(grafana, uid);
  if (found !== undefined) {
    refuseOthers(grafana, uid, found, known === undefined ? [json] : [json, known.json]);
  }
  if (found !== undefined && known !== undefined && known.json === json) {
    const now = describe(found);
    if (now.keptDigest === known.keptDigest && now.folder === folder) {
      return now;
    }
  }
  const { folderByUid } = await grafana.abilities();
  const place = folderByUid ? { folderUid: folder } : { folderId: (await lookAtFolder(grafana, folder))?.folderId ?? 0 };
  const isNewer = found?.isNewer ?? false;
  const dashboard = {
    ...(JSON.parse(json) as object),
    id: null,
    ...(found === undefined || isNewer ? {} : { version: found.dashboard.version }),
  };
  // Else not `overwrite`: before 11.3 it would replace another dashboard that happens to have this title. The newer form counts no versions
  // that the older API knows.
  const body = { dashboard, ...place, message: "pulumi-k6", overwrite: isNewer };
  const permissions = `dashboards:create and dashboards:write on folders:uid:${folder}`;
  const asked: Asked = { action: `save dashboard ${uid}`, role: "Editor", permissions };
  await grafana.ask(asked, "POST", "/api/dashboards/db", body);
  const saved = await findDashboard(grafana, uid);
  if (saved === undefined) {
    throw new GrafanaRefusal(`${grafana.name} took dashboard ${uid} and does not have it: look at its log.`, 404);
  }
  return describe(saved);
}

function refuseOthers(grafana: Grafana, uid: string, found: KeptDashboard, jsons: readonly string[]): void {
  const { title = "", tags = [] } = found.dashboard;
  const there = `${grafana.name} has a dashboard with uid ${uid}, "${title}"`;
  switch (whose(found, jsons)) {
    case "ours":
      return;
    case "stranger":
      throw new GrafanaRefusal(
        `${there}, without our tag ${dashboardTag}: it is not replaced. Delete it or give it another uid, or add the tag to have it replaced.`,
        409,
      );
    case "another stack":
      throw new GrafanaRefusal(
        `${there}, which another stack keeps (its tag ${ownerAmong(tags)}): it is not replaced. Give this stack a name of its own there ` +
          `(\`bind.name: "dev"\`), leave the dashboards to the other one (\`content: "none"\`), or delete the dashboard if that stack is gone.`,
        409,
      );
  }
}

/** Whose a dashboard is; ours is one with our tag that the stack of one of `jsons` keeps, or none yet. */
function whose({ dashboard: { tags = [] } }: KeptDashboard, jsons: readonly string[]): "ours" | "stranger" | "another stack" {
  if (!tags.includes(dashboardTag)) {
    return "stranger";
  }
  const owner = ownerAmong(tags);
  const own = jsons.map((json) => ownerAmong((JSON.parse(json) as { tags?: string[] }).tags ?? []));
  return owner === undefined || own.includes(owner) ? "ours" : "another stack";
}

function describe(found: KeptDashboard): DashboardFound {
  return { keptDigest: keptDigest(found), folder: found.meta.folderUid ?? "" };
}

/** Somebody saved in between; another dashboard of this title is told with the same status. */
function isVersionConflict(error: unknown): boolean {
  return isConflict(error) && /version|changed by someone|conflict/i.test((error as Error).message);
}
