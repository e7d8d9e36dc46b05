/** What the barrier (harness/k6/barrier.js) prints in runner 0's log. */
export type BarrierLine =
  | {
      "pulumi-k6": "waiting";
      /** Some of the runners that are waited for; `status` is k6's, `null` where nothing answers. */
      missing: Missing[];
    }
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
      missing: Missing[];
      missingCount: number;
      cause?: string;
    };

interface Missing {
  index: number;
  status: number | null;
}

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
export function notStartedCauses(line: BarrierLine & { "pulumi-k6": "not-started" }, expected: Expected): string[] {
  if (line.at === "setup") {
    return [
      `setup() failed in runner 0, so no runner was started: ${firstLine(line.cause)}. Correct setup(), or look at what it asks.`,
    ];
  }
  const causes =
    line.at === "missing"
      ? waitedForCauses(line.missing, expected)
      : line.missing.map(
          ({ index }) =>
            `runner ${index} of ${expected.runners} did not take the start, so all were stopped. Look at the end of its log.`,
        );
  const rest = line.missingCount - line.missing.length;
  return rest > 0 ? [...causes, `${rest} more runners were not ready.`] : causes;
}

/** Says per runner why it is waited for. */
export function waitedForCauses(missing: readonly Missing[], { runners, writeUrl }: Expected): string[] {
  return missing.map(({ index, status }) => `runner ${index} of ${runners} ${missingCause(status, writeUrl)}.`);
}

interface Expected {
  runners: number;
  writeUrl: string;
}

function missingCause(status: number | null, writeUrl: string): string {
  if (status === null) {
    return "is not to be reached by runner 0: its pod did not start, or a network policy stands between runners (port 6565). Look at its log and at the namespace's policies";
  }
  // k6 starts its outputs before it makes VUs; the influxdb output waits for an answer without a limit.
  if (status === 0) {
    return `answers but is held up before its VUs are made: k6 waits for the store ${writeUrl}, which accepts connections and does not answer. Look at the store, and at what stands between it and the runners`;
  }
  return `is still making its VUs (k6 status ${status}): raise startDeadlineSeconds where it needs longer, or give it more CPU`;
}

function firstLine(text = "no reason given"): string {
  return text.split("\n")[0];
}
