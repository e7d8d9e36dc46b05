import type { StopRequest } from "./stop-request";

const signals = ["SIGINT", "SIGTERM"] as const;

// Pulumi sends SIGINT to its providers when ^C is pressed for the second time, and SIGKILL 5 s later: what ends in this time is seen to its end.
const graceSeconds = 3;

/** What goes on in this process and can be told to end. */
const active = new Set<AbortController>();
let received: NodeJS.Signals | undefined;

/**
 * Does something that goes on for long and can be told to end: by SIGINT, which Pulumi sends to its providers at the second ^C, or by
 * SIGTERM. The process ends by the signal once nothing of the kind goes on any more.
 */
export async function interruptible<T>(act: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  if (active.size === 0) {
    signals.forEach((signal) => process.on(signal, onSignal));
  }
  active.add(controller);
  if (received !== undefined) {
    // Another one is still ending.
    controller.abort(requestOf(received));
  }
  try {
    return await act(controller.signal);
  } finally {
    active.delete(controller);
    if (active.size === 0) {
      signals.forEach((signal) => process.off(signal, onSignal));
      if (received !== undefined) {
        process.kill(process.pid, received);
      }
    }
  }
}

function onSignal(signal: NodeJS.Signals): void {
  received ??= signal;
  active.forEach((one) => one.abort(requestOf(signal)));
}

function requestOf(signal: NodeJS.Signals): StopRequest {
  return { by: `an interrupt of Pulumi (${signal})`, graceSeconds };
}
