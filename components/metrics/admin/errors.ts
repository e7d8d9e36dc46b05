import { HttpError } from "@influxdata/influxdb-client";

/** A refusal that asking again does not change: what the store said, and what to do about it. */
export class StoreRefusal extends Error {
  constructor(
    message: string,
    /** HTTP status of the store's answer. */
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "StoreRefusal";
  }
}

/** What was asked of a store, in words that fit after "may not". */
export interface Asked {
  /** Where the store is, as a person knows it. */
  store: string;
  org: string;
  /** E.g. `create bucket k6`. */
  action: string;
  /** The right that InfluxDB asks for, e.g. `write buckets`. */
  right: string;
}

/** Turns an answer of the store into a sentence with a remedy; what may pass (no connection, 429, 5xx) stays as it is. */
export function explained(error: unknown, { store, org, action, right }: Asked): unknown {
  if (!(error instanceof HttpError)) {
    return error;
  }
  const { statusCode: status } = error;
  const said = saidBy(error);
  const refusal = (message: string) => new StoreRefusal(message, status, { cause: error });
  if (status === 403 || lacksRight(said)) {
    return refusal(
      `${store}: the admin token may not ${action} in organisation ${org} (${status} ${said}). It needs the right to ${right}: give an ` +
        "all-access token of that organisation, or one with this right added.",
    );
  }
  if (isPassingStatus(status)) {
    return error;
  }
  if (status === 401) {
    return refusal(
      `${store} refuses the admin token for organisation ${org} (401 ${said}): the token was revoked or is another store's. Of a store ` +
        "that is bound, give a token that works; of one that this stack deployed, its volume is another stack's: use another namespace, or " +
        "remove the store's volume claim and its pod to start with an empty store.",
    );
  }
  return refusal(`${store}: it would not ${action} in organisation ${org} (${status} ${said}).`);
}

/** Whether a request may succeed when it is simply sent again. */
export function mayPass(error: unknown): boolean {
  if (error instanceof StoreRefusal) {
    return false;
  }
  return !(error instanceof HttpError) || isPassingStatus(error.statusCode);
}

/** Gives `undefined` where the store answers 404. */
export async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof StoreRefusal && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

function isPassingStatus(status: number): boolean {
  return status === 429 || status >= 500;
}

/**
 * InfluxDB answers 401 to an unknown token (`unauthorized access`) and to one without the right (`write:orgs/... is unauthorized`) alike, and of
 * tasks even 500 (`failed to create task: unauthorized`): only the text tells them apart.
 */
function lacksRight(said: string): boolean {
  return /(is|:) unauthorized$|insufficient permissions/.test(said);
}

function saidBy({ json, message, statusMessage }: HttpError): string {
  const body = json as { message?: unknown } | undefined;
  return typeof body?.message === "string" ? body.message : (statusMessage ?? message);
}
