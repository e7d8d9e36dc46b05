import { get as httpsGet, type RequestOptions } from "node:https";
import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "../../components/kube/cluster";

// A server that does not answer in this long is as good as down.
const requestTimeoutMs = 2_000;

/** An answer of the API server. */
export interface Answer {
  status: number;
  body: string;
}

/** Asks the API server for any path of it, also those that are no resources. */
export async function get({ config }: Cluster, path: string): Promise<Answer> {
  const options: RequestOptions = { timeout: requestTimeoutMs };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const request = httpsGet(`${config.getCurrentCluster()?.server}${path}`, options, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${requestTimeoutMs} ms`)));
    request.on("error", reject);
  });
}

/**
 * Watches the objects under a path until one is as wanted.
 *
 * @throws when the signal says so, or the watch itself fails
 */
export async function watchUntil<T>(
  cluster: Cluster,
  path: string,
  isWanted: (object: T) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const watch = new k8s.Watch(cluster.config);
  let controller: AbortController | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      const seen = (phase: string, object: T): void => {
        if (phase !== "DELETED" && isWanted(object)) {
          resolve();
        }
      };
      const ended = (error: Error | null): void => reject(error ?? new Error(`the watch of ${path} ended`));
      watch.watch(path, {}, seen, ended).then((started) => (controller = started), reject);
    });
  } finally {
    controller?.abort();
  }
}
