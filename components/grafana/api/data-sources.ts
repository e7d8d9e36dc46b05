import type { Grafana } from "./client";
import { GrafanaRefusal, type Asked } from "./errors";
import { isConflict } from "./folders";

/** A store that Grafana shall ask. */
export interface DataSourceWish {
  uid: string;
  /** Names are unique in an organisation. */
  title: string;
  /** Where Grafana reaches the store. */
  storeUrl: string;
  org: string;
  bucket: string;
  /** May read the bucket. A secret. */
  readToken: string;
}

/** A data source as it is. */
export interface DataSourceFound {
  dataSourceId: number;
  title: string;
  storeUrl: string;
  org: string;
  bucket: string;
}

interface DataSourceJson {
  id: number;
  uid: string;
  name: string;
  type: string;
  url: string;
  access: string;
  version?: number;
  readOnly?: boolean;
  jsonData?: { organization?: string; defaultBucket?: string };
}

/** As Grafana takes it, for its API and for its files alike. */
export function dataSourceBody({ uid, title, storeUrl, org, bucket, readToken }: DataSourceWish) {
  return {
    ...{ uid, name: title, type: "influxdb", access: "proxy", url: storeUrl, isDefault: false },
    jsonData: {
      ...{ version: "Flux", organization: org, defaultBucket: bucket },
      // Without it no window is shorter than ten seconds.
      timeInterval: "1s",
    },
    secureJsonData: { token: readToken },
  };
}

/**
 * Makes a data source, or changes the one of its uid.
 *
 * @param isOurs whether it was ours before: then one that asks another store was changed by hand, or our store moved
 * @throws {GrafanaRefusal} where one of this uid asks a store that is not ours
 */
export async function ensureDataSource(
  grafana: Grafana,
  wish: DataSourceWish,
  isOurs = false,
): Promise<DataSourceFound & { adopted: boolean }> {
  const known = await find(grafana, wish.uid);
  if (known !== undefined && !isOurs && !asksTheSame(known, wish)) {
    throw new GrafanaRefusal(anothers(grafana, known, wish), 409);
  }
  const body = dataSourceBody(wish);
  if (known === undefined) {
    return { ...found(await create(grafana, wish)), adopted: false };
  }
  const permissions = `datasources:write on datasources:uid:${wish.uid}`;
  const asked: Asked = { action: `change data source ${wish.title}`, role: "Admin", permissions };
  const path = await pathOf(grafana, known);
  const { datasource } = await grafana.ask<{ datasource: DataSourceJson }>(asked, "PUT", path, body);
  return { ...found(datasource), adopted: true };
}

function asksTheSame({ type, ...known }: DataSourceJson, wish: DataSourceWish): boolean {
  const { storeUrl, org, bucket } = found({ type, ...known });
  const url = (text: string) => text.replace(/\/+$/, "");
  return type === "influxdb" && url(storeUrl) === url(wish.storeUrl) && org === wish.org && bucket === wish.bucket;
}

function anothers(grafana: Grafana, known: DataSourceJson, { uid, ...wish }: DataSourceWish): string {
  const there = found(known);
  const store = ({ storeUrl, org, bucket }: Pick<DataSourceWish, "storeUrl" | "org" | "bucket">) =>
    `${storeUrl}, organisation ${org === "" ? "none" : org}, bucket ${bucket === "" ? "none" : bucket}`;
  return (
    `${grafana.name} has a data source with uid ${uid}, "${there.title}", for ${store(there)}. This stack's store is ${store(wish)}. It is ` +
    "another stack's, or somebody's own, and is not changed. Give this stack a name of its own there (`bind.name: \"dev\"`), or use a data source " +
    "that is there for its store (`bind.dataSource` with the uid in the address of its page)."
  );
}

async function create(grafana: Grafana, wish: DataSourceWish): Promise<DataSourceJson> {
  const asked: Asked = { action: `create data source ${wish.title}`, role: "Admin", permissions: "datasources:create" };
  try {
    const answer = await grafana.ask<{ datasource: DataSourceJson }>(asked, "POST", "/api/datasources", dataSourceBody(wish));
    return answer.datasource;
  } catch (error) {
    // Ours, where an answer was lost and the request sent again.
    const now = isConflict(error) ? await find(grafana, wish.uid) : undefined;
    if (now === undefined && isConflict(error)) {
      throw new GrafanaRefusal(
        `${grafana.name} has another data source called "${wish.title}". Rename that one, or use it: \`bind.dataSource\` with the uid in the address of ` +
          "its page.",
        409,
      );
    }
    if (now === undefined) {
      throw error;
    }
    return now;
  }
}

/** The data source as it is now; `undefined` where it is gone. Its token is never told. */
export async function lookAtDataSource(grafana: Grafana, uid: string): Promise<DataSourceFound | undefined> {
  const known = await find(grafana, uid);
  return known === undefined ? undefined : found(known);
}

/** Fine when it is gone already. */
export async function removeDataSource(grafana: Grafana, uid: string): Promise<void> {
  const known = await find(grafana, uid);
  if (known !== undefined) {
    const permissions = `datasources:delete on datasources:uid:${uid}`;
    await grafana.remove({ action: `delete data source ${uid}`, role: "Admin", permissions }, await pathOf(grafana, known));
  }
}

function find(grafana: Grafana, uid: string): Promise<DataSourceJson | undefined> {
  const asked: Asked = { action: "read data sources", role: "Admin", permissions: "datasources:read" };
  return grafana.find<DataSourceJson>(asked, `/api/datasources/uid/${encodeURIComponent(uid)}`);
}

async function pathOf(grafana: Grafana, { id, uid }: DataSourceJson): Promise<string> {
  const { dataSourcesByUid } = await grafana.abilities();
  return dataSourcesByUid ? `/api/datasources/uid/${encodeURIComponent(uid)}` : `/api/datasources/${id}`;
}

function found({ id, name, url, jsonData = {} }: DataSourceJson): DataSourceFound {
  const { organization = "", defaultBucket = "" } = jsonData;
  return { dataSourceId: id, title: name, storeUrl: url, org: organization, bucket: defaultBucket };
}
