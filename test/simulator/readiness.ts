import * as http from "node:http";
import { apiPort } from "./job";

// Go's http.DefaultTransport gives up dialling after 30 s.
const dialTimeoutMs = 30_000;

/** The URL that the operator asks. An IPv6 address is not put in brackets: it never answers there either. */
export function statusUrl(address: string): string {
  return `http://${address}:${apiPort}/v1/status`;
}

/**
 * Whether a runner answers behind its Service, with a status below 400. Waits without end for one that accepts and never answers,
 * as the operator does.
 */
export function isReady(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(url, { agent: false, signal }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    request.on("socket", (socket) => {
      socket.setTimeout(dialTimeoutMs, () => request.destroy());
      socket.on("connect", () => socket.setTimeout(0));
    });
    request.on("error", () => resolve(false));
  });
}
