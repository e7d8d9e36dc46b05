import { aggregationSeconds } from "../metrics/gateway/names";
import { completeRule } from "./abort";
import { watchDistress } from "./abort-watch";
import type { BarrierLine } from "./barrier-line";
import { Store } from "./store";
import { withStoreUrl } from "./store-access";
import { firstWindow, wholeSteps } from "./store-aggregated-windows";
import type { Scope } from "./store-query";
import { windowFigures } from "./store-windows";
import type { RunInputs } from "./types";

// k6 flushes once a second, and so does a gateway; the rest is for a store that is busy.
const lagMs = 3_000;

/** Lets `abortWhen` look at a run, from its start on. */
export class DistressWatch {
  /** Why to stop the run, once it is known. */
  distress: string | undefined;
  private isOn = false;

  constructor(
    private readonly inputs: RunInputs,
    private readonly signal: AbortSignal,
    private readonly onDistress: () => void,
  ) {}

  /** To be called with the barrier's last word again and again. */
  begin(barrier: BarrierLine | undefined): void {
    if (this.isOn || barrier?.["pulumi-k6"] !== "started") {
      return;
    }
    this.isOn = true;
    void distressOf(this.inputs, new Date(barrier.at), this.signal).then((distress) => {
      this.distress = distress;
      this.onDistress();
    });
  }
}

/**
 * Watches a run that has started, by its `abortWhen`.
 *
 * @returns why to stop it; `undefined` where it has no such rule, or `signal` came first
 */
export async function distressOf(inputs: RunInputs, startedAt: Date, signal: AbortSignal): Promise<string | undefined> {
  const { abortWhen, store, run, runners, readToken } = inputs;
  if (abortWhen === undefined) {
    return undefined;
  }
  const { bucket, org, mode } = store;
  const rule = completeRule(abortWhen);
  return watchDistress({
    rule: { ...rule, windowSeconds: wholeSteps(rule.windowSeconds, mode) },
    startedAt: firstWindow(startedAt, mode),
    signal,
    lagMs: lagMs + (mode === "aggregated" ? aggregationSeconds * 1000 : 0),
    read: (thresholds, start, stop) =>
      withStoreUrl(inputs, (url) => {
        const scope: Scope = { bucket, testid: run, start, stop, runners, ...(mode === undefined ? {} : { mode }) };
        const window = new Store({ url, org, token: readToken }, scope, (stop.getTime() - start.getTime()) / 1000);
        return Promise.all(
          thresholds.map(async (threshold) => (await windowFigures(window, scope, { start, stop }, threshold))[0] ?? null),
        );
      }),
  });
}
