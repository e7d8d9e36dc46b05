/** A refusal that asking again does not change: what Grafana said, and what to do about it. */
export class GrafanaRefusal extends Error {
  constructor(
    message: string,
    /** HTTP status of Grafana's answer. */
    readonly status: number,
  ) {
    super(message);
    this.name = "GrafanaRefusal";
  }
}

/** An answer after which asking again makes sense: 429 or 5xx. */
export class GrafanaBusy extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = "GrafanaBusy";
  }
}

/** What was asked of Grafana. */
export interface Asked {
  /** In words that fit after "may not", e.g. `create folder k6`. */
  action: string;
  /** The basic role that may do it. */
  role: "Viewer" | "Editor" | "Admin";
  /** What a role of one's own needs for it, in Grafana's words. */
  permissions: string;
}

/** An answer that is no success. */
export interface Answer {
  status: number;
  /** Grafana's `message`, or the beginning of what came instead. */
  said: string;
}

/** Makes a sentence with a remedy of an answer. */
export function explained(grafana: string, { action, role, permissions }: Asked, { status, said }: Answer): Error {
  const answer = `${status} ${said}`.trim();
  if (status === 429 || status >= 500) {
    return new GrafanaBusy(`${grafana} did not ${action} (${answer}).`, status);
  }
  if (status === 401) {
    return new GrafanaRefusal(
      `${grafana} refuses the token (${answer}): it expired, was deleted, or is another Grafana's. Make one under Administration, Service ` +
        "accounts, of the organisation that shall be used.",
      status,
    );
  }
  if (status === 403) {
    return new GrafanaRefusal(
      `${grafana}: the token may not ${action} (${answer}). It takes the role ${role}, or a role of your own with ${permissions}.`,
      status,
    );
  }
  return new GrafanaRefusal(`${grafana} would not ${action} (${answer}).`, status);
}

/** Whether a request may succeed when it is simply sent again: no connection, no answer in time, 429 or 5xx. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof GrafanaRefusal) && !(error instanceof SyntaxError);
}
