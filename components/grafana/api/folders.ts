import type { Grafana } from "./client";
import { GrafanaRefusal, type Asked } from "./errors";

/** A folder that shall be there. */
export interface FolderWish {
  uid: string;
  title: string;
}

/** A folder as it is. */
export interface FolderFound {
  /** By it versions before 9 know the folder; 0 where it is not told. */
  folderId: number;
  title: string;
}

interface FolderJson {
  id?: number;
  uid: string;
  title: string;
}

/** A Viewer may read those that are there, and is not told which are not. */
const reading = (uid: string): Asked => ({
  action: `look for folder ${uid}`,
  role: "Editor",
  permissions: "folders:read and folders:create on folders:uid:general",
});

/** Makes a folder, or gives the one of its uid the title. */
export async function ensureFolder(grafana: Grafana, { uid, title }: FolderWish): Promise<FolderFound & { adopted: boolean }> {
  const known = await find(grafana, uid);
  if (known === undefined) {
    try {
      return { ...found(await create(grafana, { uid, title })), adopted: false };
    } catch (error) {
      // Made by somebody between our question and our wish.
      const now = isConflict(error) ? await find(grafana, uid) : undefined;
      if (now === undefined) {
        throw isConflict(error) ? hidden(grafana, uid) : error;
      }
      return { ...(await rename(grafana, now, title)), adopted: true };
    }
  }
  return { ...(await rename(grafana, known, title)), adopted: true };
}

/** The folder as it is now; `undefined` where it is gone. */
export async function lookAtFolder(grafana: Grafana, uid: string): Promise<FolderFound | undefined> {
  const folder = await find(grafana, uid);
  return folder === undefined ? undefined : found(folder);
}

/** Removes a folder that is empty; one with dashboards of others stays, since they would go with it. */
export async function removeFolder(grafana: Grafana, uid: string): Promise<void> {
  const folder = await find(grafana, uid);
  if (folder === undefined) {
    return;
  }
  const { folderByUid } = await grafana.abilities();
  const where = folderByUid ? `folderUIDs=${encodeURIComponent(uid)}` : `folderIds=${folder.id ?? 0}`;
  const asked: Asked = { action: "list a folder", role: "Viewer", permissions: "dashboards:read" };
  const inside = await grafana.ask<unknown[]>(asked, "GET", `/api/search?limit=1&${where}`);
  if (inside.length === 0) {
    await grafana.remove(
      { action: `delete folder ${uid}`, role: "Editor", permissions: `folders:delete on folders:uid:${uid}` },
      pathOf(uid),
    );
  }
}

function create(grafana: Grafana, { uid, title }: FolderWish): Promise<FolderJson> {
  const permissions = "folders:create on folders:uid:general";
  return grafana.ask({ action: `create folder ${title}`, role: "Editor", permissions }, "POST", "/api/folders", { uid, title });
}

async function rename(grafana: Grafana, folder: FolderJson, title: string): Promise<FolderFound> {
  if (folder.title === title) {
    return found(folder);
  }
  const permissions = `folders:write on folders:uid:${folder.uid}`;
  const asked: Asked = { action: `rename folder ${folder.title}`, role: "Editor", permissions };
  return found(await grafana.ask<FolderJson>(asked, "PUT", pathOf(folder.uid), { title, overwrite: true }));
}

/** Only an Admin is told that a folder is not there: 12.3.3 refuses others. One who may make it takes that for a no. */
async function find(grafana: Grafana, uid: string): Promise<FolderJson | undefined> {
  try {
    return await grafana.find<FolderJson>(reading(uid), pathOf(uid));
  } catch (error) {
    if (error instanceof GrafanaRefusal && error.status === 403 && (await mayCreate(grafana))) {
      return undefined;
    }
    throw error;
  }
}

const anywhere = ["*", "folders:*", "folders:uid:*", "folders:uid:general"];

/** Whether the token may make folders at the top. */
async function mayCreate(grafana: Grafana): Promise<boolean> {
  const asked: Asked = { action: "read its own permissions", role: "Viewer", permissions: "nothing" };
  const scopes = await grafana.find<Record<string, string[]>>(asked, "/api/access-control/user/permissions");
  return (scopes?.["folders:create"] ?? []).some((scope) => anywhere.includes(scope));
}

function hidden({ name }: Grafana, uid: string): GrafanaRefusal {
  return new GrafanaRefusal(
    `${name} has a folder with uid ${uid} that the token may not read. Let its role (Editor) edit that folder, or delete it, or give this ` +
      'stack a name of its own there (`bind.name: "dev"`).',
    403,
  );
}

function found({ id = 0, title }: FolderJson): FolderFound {
  return { folderId: id, title };
}

function pathOf(uid: string): string {
  return `/api/folders/${encodeURIComponent(uid)}`;
}

/** 412 says that the uid is taken, in versions before 12; 409 since. */
export function isConflict(error: unknown): boolean {
  return error instanceof GrafanaRefusal && (error.status === 409 || error.status === 412);
}
