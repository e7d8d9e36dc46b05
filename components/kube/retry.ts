import pRetry from "p-retry";
import { statusOf } from "./cluster";

/** Codes of Node's network errors after which asking again makes sense. */
const passing = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether a request may succeed when it is simply sent again: the server was away, overloaded or failing. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) {
    return status === 429 || status >= 500;
  }
  return errorCodes(error).some((code) => passing.has(code));
}

/** Sends a request to the API server up to 6 times within about 15 s while the cause is one that passes. */
export function retried<T>(request: () => Promise<T>): Promise<T> {
  return pRetry(request, {
    retries: 5,
    minTimeout: 500,
    factor: 2,
    randomize: true,
    shouldRetry: isPassing,
  });
}

function errorCodes(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") {
      codes.push(at.code);
    }
  }
  return codes;
}
