import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What a token may do: its basic role. */
export type FakeRole = "Viewer" | "Editor" | "Admin";

/** An answer that a test wants next instead of the right one. */
export interface FakeFault {
  status: number;
  /** Only to requests that start so, e.g. `POST /api/folders`. */
  to?: string;
  times: number;
  body?: string;
  /** Whether the request is carried out all the same, and only its answer lost. */
  isDone?: boolean;
}

type Json = Record<string, unknown>;

interface StoredDashboard {
  dashboard: Json & { uid: string; title: string; version: number; tags?: string[] };
  folderUid: string;
  /** Saved in the form of schema 2, as Grafana 13 saves what is edited in it. */
  isNewer?: boolean;
}

/**
 * A stand-in for Grafana's HTTP API. Versions 7 answer as was recorded from a real 7.5.5 (ids instead of uids, 412 for what is taken, each
 * save a version); 10 and 13 as their documentation says: data sources by uid, from 13 none by number, 409 or 412, titles that may be twice.
 */
export class FakeGrafana {
  readonly requests: string[] = [];
  readonly folders = new Map<string, { id: number; uid: string; title: string; version: number }>();
  readonly dataSources = new Map<string, Json & { id: number; uid: string; name: string }>();
  readonly dashboards = new Map<string, StoredDashboard>();
  readonly annotations: (Json & { id: number; tags: string[] })[] = [];
  readonly faults: FakeFault[] = [];
  /** Uids of folders that only an Admin may read. */
  readonly hiddenFolders = new Set<string>();
  /** Roles by token. */
  readonly tokens = new Map<string, FakeRole>([
    ["viewer", "Viewer"],
    ["editor", "Editor"],
    ["admin", "Admin"],
  ]);
  private nextId = 1;
  private readonly server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const line = `${request.method} ${request.url}`;
      this.requests.push(line);
      const fault = this.faults.find(({ to, times }) => times > 0 && (to === undefined || line.startsWith(to)));
      const answer = fault === undefined || fault.isDone === true ? this.answer(request, body) : undefined;
      if (fault !== undefined) {
        fault.times--;
        response.statusCode = fault.status;
        response.end(fault.body ?? JSON.stringify({ message: "made up" }));
        return;
      }
      response.statusCode = answer?.[0] ?? 500;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer?.[1] ?? {}));
    });
  });

  constructor(
    readonly version: string,
    /** Under which it is served, e.g. `/tools/grafana`. */
    private readonly prefix = "",
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.prefix}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private get major(): number {
    return Number(this.version.split(".")[0]);
  }

  private answer(request: IncomingMessage, body: Json): [number, unknown] {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
    if (pathname.startsWith(`${this.prefix}${newerApi}/`)) {
      return this.newerDashboard(pathname.slice(`${this.prefix}${newerApi}/`.length));
    }
    if (!pathname.startsWith(`${this.prefix}/api/`)) {
      return [404, { message: "Not found" }];
    }
    const [kind = "", ...rest] = pathname
      .slice(this.prefix.length + "/api/".length)
      .split("/")
      .map(decodeURIComponent);
    if (kind === "health") {
      return [200, { database: "ok", version: this.version, commit: "0" }];
    }
    const role = this.tokens.get((request.headers.authorization ?? "").replace("Bearer ", ""));
    if (role === undefined) {
      return [401, { message: this.major < 9 ? "Invalid API key" : "Invalid API key or service account token" }];
    }
    const needed: FakeRole = kind === "datasources" ? "Admin" : request.method === "GET" ? "Viewer" : "Editor";
    const ranks: FakeRole[] = ["Viewer", "Editor", "Admin"];
    if (ranks.indexOf(role) < ranks.indexOf(needed)) {
      return [
        403,
        { message: this.major < 9 ? "Permission denied" : "You'll need additional permissions to perform this action." },
      ];
    }
    const call = { method: request.method ?? "", rest, body, search: searchParams };
    // Recorded from 12.3.3: an Admin's permissions are for all folders, others' for those that are there.
    if (kind === "folders" && this.major >= 9 && role !== "Admin" && rest[0] !== undefined && !this.mayRead(rest[0])) {
      return [403, { message: "You'll need additional permissions to perform this action. Permissions needed: folders:read" }];
    }
    switch (kind) {
      case "folders":
        return this.folder(call);
      case "datasources":
        return this.dataSource(call);
      case "dashboards":
        return this.dashboard(call);
      case "search":
        return [200, [...this.dashboards.values()].filter(({ folderUid }) => this.isIn(folderUid, searchParams))];
      case "annotations":
        return this.annotation(call);
      case "access-control":
        return this.major < 9
          ? [404, { message: "Not found" }]
          : [200, role === "Viewer" ? {} : { "folders:create": [role === "Admin" ? "folders:*" : "folders:uid:general"] }];
      default:
        return [404, { message: "Not found" }];
    }
  }

  private mayRead(folder: string): boolean {
    return this.folders.has(folder) && !this.hiddenFolders.has(folder);
  }

  private isIn(folderUid: string, search: URLSearchParams): boolean {
    return search.get("folderUIDs") === folderUid || search.get("folderIds") === String(this.folders.get(folderUid)?.id ?? 0);
  }

  private folder({ method, rest: [uid = ""], body }: Call): [number, unknown] {
    const known = this.folders.get(method === "POST" ? String(body.uid) : uid);
    if (method === "POST") {
      if (known !== undefined) {
        return [this.major >= 12 ? 409 : 412, { message: "The folder has been changed by someone else" }];
      }
      const folder = { id: this.nextId++, uid: String(body.uid), title: String(body.title), version: 1 };
      this.folders.set(folder.uid, folder);
      return [200, folder];
    }
    if (known === undefined) {
      return [404, { message: "folder not found", status: "not-found" }];
    }
    if (method === "PUT") {
      known.title = String(body.title);
    } else if (method === "DELETE") {
      this.folders.delete(uid);
      [...this.dashboards].filter(([, { folderUid }]) => folderUid === uid).forEach(([key]) => this.dashboards.delete(key));
    }
    return [200, known];
  }

  private dataSource({ method, rest, body }: Call): [number, unknown] {
    const sources = [...this.dataSources.values()];
    if (method === "POST") {
      if (sources.some(({ name, uid }) => name === body.name || uid === body.uid)) {
        return [409, { message: "data source with the same name already exists" }];
      }
      const { secureJsonData, ...plain } = body;
      const made = {
        ...plain,
        id: this.nextId++,
        uid: String(body.uid),
        name: String(body.name),
        secureJsonFields: { token: secureJsonData !== undefined },
      };
      this.dataSources.set(made.uid, made);
      return [200, { datasource: made, id: made.id, message: "Datasource added" }];
    }
    const isByUid = rest[0] === "uid";
    if (!isByUid && this.major >= 13) {
      return [404, { message: "Not found" }];
    }
    // 7.5 reads by uid, and writes by number alone.
    if (isByUid && method !== "GET" && this.major < 9) {
      return [404, { message: "Not found" }];
    }
    const known = sources.find(({ id, uid }) => (isByUid ? uid === rest[1] : id === Number(rest[0])));
    if (known === undefined) {
      return [404, { message: "Data source not found" }];
    }
    if (method === "PUT") {
      const { secureJsonData, ...plain } = body;
      Object.assign(known, plain, secureJsonData === undefined ? {} : { secureJsonFields: { token: true } });
      return [200, { datasource: known, message: "Datasource updated" }];
    }
    if (method === "DELETE") {
      this.dataSources.delete(known.uid);
      return [200, { message: "Data source deleted" }];
    }
    return [200, known];
  }

  private dashboard({ method, rest: [first = "", uid = ""], body }: Call): [number, unknown] {
    if (first === "db") {
      return this.saveDashboard(body);
    }
    const known = this.dashboards.get(uid);
    if (known === undefined) {
      return [404, { message: "Dashboard not found" }];
    }
    if (method === "DELETE") {
      this.dashboards.delete(uid);
    }
    const { dashboard, folderUid, isNewer = false } = known;
    if (isNewer && method === "GET") {
      return [406, { message: `dashboard api version not supported, use ${newerApi}/${uid} instead` }];
    }
    return [
      200,
      {
        dashboard,
        meta: { ...(this.major < 8 ? {} : { folderUid }), folderId: this.folders.get(folderUid)?.id ?? 0, provisioned: false },
      },
    ];
  }

  private newerDashboard(uid: string): [number, unknown] {
    const known = this.dashboards.get(uid);
    if (known === undefined) {
      return [404, { kind: "Status", message: "not found" }];
    }
    const { id, version, ...rest } = known.dashboard;
    const metadata = { name: uid, generation: version, annotations: { "grafana.app/folder": known.folderUid } };
    return [200, { kind: "Dashboard", metadata, spec: { ...rest, panels: undefined, elements: {}, id } }];
  }

  private saveDashboard(body: Json): [number, unknown] {
    const dashboard = body.dashboard as StoredDashboard["dashboard"];
    const known = this.dashboards.get(dashboard.uid);
    const folderUid =
      body.folderUid === undefined || this.major < 9
        ? ([...this.folders.values()].find(({ id }) => id === body.folderId)?.uid ?? "")
        : (body.folderUid as string);
    if (known !== undefined && body.overwrite !== true && known.dashboard.version !== dashboard.version) {
      return [412, { message: "The dashboard has been changed by someone else", status: "version-mismatch" }];
    }
    const isTitleUnique = this.major < 11;
    const same = [...this.dashboards.values()].find(
      (one) => one.folderUid === folderUid && one.dashboard.title === dashboard.title,
    );
    if (isTitleUnique && same !== undefined && same !== known && body.overwrite !== true) {
      return [412, { message: "A dashboard with the same name in the folder already exists", status: "name-exists" }];
    }
    const version = (known?.dashboard.version ?? 0) + 1;
    // Newer ones fill in what is not said.
    const filled =
      this.major >= 10
        ? { timezone: "", ...dashboard, schemaVersion: this.major >= 13 ? 42 : dashboard.schemaVersion }
        : dashboard;
    const stored = {
      ...filled,
      uid: dashboard.uid,
      title: dashboard.title,
      id: this.nextId++,
      version,
    } as unknown as StoredDashboard["dashboard"];
    this.dashboards.set(dashboard.uid, { dashboard: stored, folderUid });
    return [200, { uid: dashboard.uid, version, status: "success", url: `${this.prefix}/d/${dashboard.uid}/x` }];
  }

  private annotation({ method, rest: [id], body, search }: Call): [number, unknown] {
    const tags = (body.tags ?? []) as string[];
    if (method === "POST") {
      this.annotations.push({ ...body, tags, id: this.nextId++ });
      return [200, { message: "Annotation added", id: this.nextId - 1 }];
    }
    if (method === "PATCH") {
      const known = this.annotations.find((one) => one.id === Number(id));
      Object.assign(known ?? {}, body);
      return known === undefined ? [404, { message: "Annotation not found" }] : [200, { message: "Annotation patched" }];
    }
    const wanted = search.getAll("tags");
    return [200, this.annotations.filter((one) => wanted.every((tag) => one.tags.includes(tag)))];
  }
}

/** Where dashboards of schema 2 are, in organisation 1. */
const newerApi = "/apis/dashboard.grafana.app/v2/namespaces/default/dashboards";

interface Call {
  method: string;
  rest: string[];
  body: Json;
  search: URLSearchParams;
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : (JSON.parse(text) as Json);
}
