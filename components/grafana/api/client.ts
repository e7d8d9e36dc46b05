import pRetry from "p-retry";
import { Cluster, type ClusterAccess } from "../../kube/cluster";
import { openTunnel, type ServiceAddress } from "../../kube/tunnel";
import { explained, GrafanaRefusal, mayPass, type Answer, type Asked } from "./errors";
import { abilitiesOf, parseVersion, type Abilities } from "./version";

/** How Grafana's API is reached, and as whom. Plain values: they travel through Pulumi's state. */
export interface GrafanaAccess extends ClusterAccess {
  /** Its address, with the path under which it is served. */
  url?: string;
  /** A Grafana in the cluster, reached through the API server; without `url`. */
  service?: ServiceAddress;
  /** What stands in the header `Authorization`: `Bearer` with a token, or `Basic` with name and password. A secret. */
  authorization: string;
}

/** How long one answer may take, and how often is asked again: 4 times within about 8 s. */
const timeoutMs = 20_000;
const patience = { retries: 4, minTimeout: 500, factor: 2 };

/** What may be set for tests. */
export interface Patience {
  minTimeout?: number;
  timeoutMs?: number;
}

/**
 * Works on Grafana, with a way to it for as long as that takes.
 *
 * @throws {GrafanaRefusal} with what Grafana said and the remedy
 */
export async function withGrafana<T>(
  access: GrafanaAccess,
  use: (grafana: Grafana) => Promise<T>,
  times: Patience = {},
): Promise<T> {
  const { url, service, kubeconfig, context, authorization } = access;
  if (url !== undefined) {
    return use(new Grafana(url, authorization, `Grafana ${url}`, times));
  }
  if (service === undefined) {
    throw new TypeError("neither url nor service says where Grafana is");
  }
  const cluster = Cluster.connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  const tunnel = await onceReady(() => openTunnel(cluster, service), times);
  try {
    return await use(new Grafana(tunnel.url, authorization, `Grafana ${service.namespace}/${service.service}`, times));
  } finally {
    await tunnel.close();
  }
}

/** Waits for its pod, up to 16 s: the `pulumi up` that gives a run its mark may have replaced it, and it takes some seconds to begin. */
export function onceReady<T>(open: () => Promise<T>, { minTimeout = patience.minTimeout }: Patience = {}): Promise<T> {
  return pRetry(open, { ...patience, minTimeout, retries: patience.retries + 1 });
}

/** Grafana's HTTP API. */
export class Grafana {
  private known?: Promise<Abilities & { version: string }>;

  constructor(
    private readonly url: string,
    private readonly authorization: string,
    /** Where it is, as a person knows it. */
    readonly name: string,
    private readonly times: Patience = {},
  ) {}

  /** What this Grafana can do, by its version, which it tells everybody. */
  abilities(): Promise<Abilities & { version: string }> {
    return (this.known ??= this.readAbilities());
  }

  /** Sends a request and gives the answer. @throws {GrafanaRefusal} where it is no success */
  async ask<T>(asked: Asked, method: string, path: string, body?: object): Promise<T> {
    return this.patiently(() => this.askOnce<T>(asked, method, path, body));
  }

  /** As `ask`, but only once: for what would be there twice if it were sent again. */
  async askOnce<T>(asked: Asked, method: string, path: string, body?: object): Promise<T> {
    const response = await this.send(method, path, body).catch(named(this.name));
    if (!response.ok) {
      throw explained(this.name, asked, await answerOf(response));
    }
    return (await response.json()) as T;
  }

  /** Does something again from its start while the cause passes. */
  patiently<T>(request: () => Promise<T>): Promise<T> {
    const minTimeout = this.times.minTimeout ?? patience.minTimeout;
    return pRetry(request, { ...patience, minTimeout, shouldRetry: mayPass });
  }

  /** As `ask`; gives `undefined` where the answer is 404. */
  async find<T>(asked: Asked, path: string): Promise<T | undefined> {
    try {
      return await this.ask<T>(asked, "GET", path);
    } catch (error) {
      if (error instanceof GrafanaRefusal && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  /** Removes something; fine where it is gone already. */
  async remove(asked: Asked, path: string): Promise<void> {
    try {
      await this.ask(asked, "DELETE", path);
    } catch (error) {
      if (!(error instanceof GrafanaRefusal && error.status === 404)) {
        throw error;
      }
    }
  }

  private async readAbilities(): Promise<Abilities & { version: string }> {
    const asked = { action: "say its version", role: "Viewer", permissions: "nothing" } as const;
    const health = await this.ask<{ version?: string }>(asked, "GET", "/api/health").catch((error: unknown) => {
      const isElsewhere = error instanceof SyntaxError || (error instanceof GrafanaRefusal && error.status === 404);
      throw isElsewhere ? this.isNoGrafana() : error;
    });
    const version = parseVersion(health.version ?? "");
    if (version === undefined) {
      throw this.isNoGrafana();
    }
    return { ...abilitiesOf(version), version: version.text };
  }

  private isNoGrafana(): GrafanaRefusal {
    return new GrafanaRefusal(
      `${this.name} does not answer as Grafana does at ${this.url}/api/health: give its whole address, with the path under which it is ` +
        "served, e.g. https://example.com/grafana, and not that of a login page in front of it.",
      404,
    );
  }

  private send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.url.replace(/\/+$/, "")}${path}`, {
      method,
      headers: {
        authorization: this.authorization,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(this.times.timeoutMs ?? timeoutMs),
    });
  }
}

/** `fetch` says no more than that it failed; p-retry would take its type of error for a mistake in the program. */
function named(grafana: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError")) {
      const cause = error.cause instanceof Error ? error.cause.message : error.message;
      throw new Error(`${grafana} does not answer: ${cause}`, { cause: error });
    }
    throw error;
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let said = text.slice(0, 200);
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    said = typeof message === "string" ? message : said;
  } catch {
    // A proxy's page.
  }
  return { status: response.status, said };
}
