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

// The API server answers its own requests within a minute (`--request-timeout`); a connection that died on the way never does.
const answerSeconds = 60;
// Credentials may expire between their being read and their arrival; ones that are wrong are told after about two seconds.
const attemptsWhenRefused = 3;

/** Whether a request may succeed when it is simply sent again: the server was away, overloaded or failing. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) {
    return status === 429 || status >= 500;
  }
  return errorCodes(error).some((code) => passing.has(code));
}

/** What may be set for tests. */
export interface RetryOptions {
  /** Seconds that one answer may take. @default 60 */
  answerSeconds?: number;
}

/**
 * Sends a request to the API server up to 6 times within about 15 s while the cause is one that passes. One that is not answered is sent
 * again too: it must be one that may be sent twice.
 */
export function retried<T>(request: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  return pRetry(() => answered(request(), options.answerSeconds ?? answerSeconds), {
    retries: 5,
    minTimeout: 500,
    factor: 2,
    randomize: true,
    shouldRetry: (error) => isPassing(error) || (statusOf(error) === 401 && error.attemptNumber < attemptsWhenRefused),
  });
}

async function answered<T>(answer: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`the API server did not answer within ${seconds} s`), { code: "ETIMEDOUT" });
    timer = setTimeout(() => reject(error), seconds * 1000);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
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
