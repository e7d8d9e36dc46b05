import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { V1Pod } from "@kubernetes/client-node";

/** How the fake API server answers from now on; takes a request and says whether it has answered it in its own way. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

const kinds: Record<string, string> = { pods: "Pod", jobs: "Job", events: "Event" };

/** A stand-in for an API server: lists and watches of a few kinds, as the real one does them, and whatever a test wants it to do wrong. */
export class FakeApi {
  /** Requests that were made, as `METHOD /path?query`. */
  readonly requests: string[] = [];
  misbehave: Misbehaviour = () => false;
  private readonly pods = new Map<string, V1Pod>();
  private readonly watches = new Set<{ response: ServerResponse; kind: string }>();
  /** What happened to pods, to be told to a watch that begins at an earlier version. */
  private readonly history: { version: number; type: string; object: V1Pod }[] = [];
  private version = 100;

  private constructor(private readonly server: Server) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => this.answer(request, response));
  }

  static async start(): Promise<FakeApi> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FakeApi(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A kubeconfig for it; with a command that gives credentials where one is named. */
  kubeconfig(exec?: { command: string; args: string[] }): string {
    return JSON.stringify({
      ...{ apiVersion: "v1", kind: "Config", "current-context": "fake" },
      clusters: [{ name: "fake", cluster: { server: this.url, "insecure-skip-tls-verify": true } }],
      contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
      users: [
        {
          name: "fake",
          user: exec === undefined ? { token: "fixed" } : { exec: { apiVersion: "client.authentication.k8s.io/v1", ...exec } },
        },
      ],
    });
  }

  /** Creates or changes a pod. */
  setPod(name: string, phase: string): void {
    const type = this.pods.has(name) ? "MODIFIED" : "ADDED";
    this.tell(type, { metadata: { name, namespace: "load", labels: { "pulumi-k6/run": "shop-1" } }, status: { phase } });
  }

  deletePod(name: string): void {
    this.tell("DELETED", this.pods.get(name) as V1Pod);
  }

  /** What happened so far is not told any more: a watch from before gets 410. */
  forgetHistory(): void {
    this.history.length = 0;
    this.version += 100;
  }

  /** Ends every watch: as the real one does after a while, or as a network that fails. */
  endWatches(how: "end" | "reset"): void {
    this.watches.forEach(({ response }) => (how === "end" ? response.end() : response.destroy()));
    this.watches.clear();
  }

  get openWatches(): number {
    return this.watches.size;
  }

  async stop(): Promise<void> {
    this.endWatches("reset");
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private tell(type: string, pod: V1Pod): void {
    const version = ++this.version;
    const name = pod.metadata?.name ?? "";
    const object = { ...pod, metadata: { ...pod.metadata, resourceVersion: String(version) } };
    this.history.push({ version, type, object });
    if (type === "DELETED") {
      this.pods.delete(name);
    } else {
      this.pods.set(name, object);
    }
    this.watches.forEach(({ response, kind }) => kind === "pods" && response.write(`${JSON.stringify({ type, object })}\n`));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "", this.url);
    this.requests.push(`${request.method} ${request.url}`);
    if (this.misbehave(request, response, url)) {
      return;
    }
    const kind = url.pathname.split("/").at(-1) ?? "";
    if (kinds[kind] === undefined) {
      refuse(response, 404, "NotFound");
    } else if (url.searchParams.get("watch") === "true") {
      this.watch(response, kind, url);
    } else {
      const items = kind === "pods" ? [...this.pods.values()] : [];
      json(response, 200, {
        kind: `${kinds[kind]}List`,
        apiVersion: "v1",
        metadata: { resourceVersion: `${this.version}` },
        items,
      });
    }
  }

  private watch(response: ServerResponse, kind: string, url: URL): void {
    const from = Number(url.searchParams.get("resourceVersion"));
    const oldest = this.history[0]?.version ?? this.version + 1;
    if (kind === "pods" && from < oldest - 1) {
      return refuse(response, 410, "Expired");
    }
    response.writeHead(200, { "Content-Type": "application/json" });
    response.flushHeaders();
    if (kind === "pods") {
      this.history
        .filter(({ version }) => version > from)
        .forEach(({ type, object }) => response.write(`${JSON.stringify({ type, object })}\n`));
    }
    const watch = { response, kind };
    this.watches.add(watch);
    const timer = setTimeout(() => response.end(), Number(url.searchParams.get("timeoutSeconds") ?? 3600) * 1000);
    response.once("close", () => {
      clearTimeout(timer);
      this.watches.delete(watch);
    });
  }
}

/** The API server's way to say no. */
export function refuse(response: ServerResponse, code: number, reason: string): void {
  json(response, code, { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message: reason });
}

function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
