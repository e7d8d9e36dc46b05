/** What the barrier (harness/k6/barrier.js) prints in runner 0's log. */
export type BarrierLine =
  | { "pulumi-k6": "setup" }
  | {
      "pulumi-k6": "started";
      /** Milliseconds since the epoch, by runner 0's clock. */
      at: number;
      /** Upper bound of the time between the first and the last runner's start, milliseconds. */
      skewMs: number;
    }
  | {
      "pulumi-k6": "not-started";
      /** Where it ended: runners were not ready, setup() failed, or a runner did not take the start. */
      at: "missing" | "setup" | "unpause";
      /** At most 50 of the runners that were not ready; `status` is k6's, `null` where nothing answered. */
      missing: { index: number; status: number | null }[];
      missingCount: number;
      cause?: string;
    };

/** Reads a line of runner 0's log; `undefined` when it is not the barrier's. */
export function parseBarrierLine(line: string): BarrierLine | undefined {
  if (!line.startsWith('{"pulumi-k6":')) {
    return undefined;
  }
  try {
    return JSON.parse(line) as BarrierLine;
  } catch {
    return undefined;
  }
}

/** Says per runner why a run was not started. */
export function notStartedCauses(line: BarrierLine & { "pulumi-k6": "not-started" }, { runners, writeUrl }: Expected): string[] {
  if (line.at === "setup") {
    return [`setup() failed in runner 0, so no runner was started: ${firstLine(line.cause)}`];
  }
  const isLate = line.at === "missing";
  const causes = line.missing.map(({ index, status }) => {
    const cause = isLate ? missingCause(status, writeUrl) : "did not take the start, so all were stopped";
    return `runner ${index} of ${runners} ${cause}`;
  });
  const rest = line.missingCount - line.missing.length;
  return rest > 0 ? [...causes, `${rest} more runners were not ready`] : causes;
}

interface Expected {
  runners: number;
  writeUrl: string;
}

function missingCause(status: number | null, writeUrl: string): string {
  if (status === null) {
    return "was not to be reached by runner 0 before the start deadline: its pod did not start, or a network policy stands between runners (port 6565)";
  }
  // k6 starts its outputs before it makes VUs; the influxdb output waits for an answer without a limit.
  if (status === 0) {
    return `answered but was held up before its VUs were made: k6 waits for the store ${writeUrl}, which accepts connections and does not answer`;
  }
  return `was still making its VUs at the start deadline (k6 status ${status}): raise startDeadlineSeconds, or give it more CPU`;
}

function firstLine(text = "no reason given"): string {
  return text.split("\n")[0];
}
