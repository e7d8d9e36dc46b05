import type { Stage } from "./test-run";

/**
 * What the simulated operator does wrong. Most hangs need none of this: a missing ConfigMap, a bad image or a quota has its effect by itself,
 * because Jobs and Pods are real.
 */
export interface Faults {
  /** The one worker is taken for good, as by a runner that accepts connections and never answers: no TestRun moves. */
  frozen?: boolean;
  /** The starter's pod runs, but its requests reach no runner. */
  blockedStarter?: boolean;
  /** TestRuns of this namespace are not seen, as where `WATCH_NAMESPACES` does not name it. */
  ignoreNamespace?: string;
  /** TestRuns that reach this stage stay in it. */
  leaveInStage?: Stage;
  /** The operator dies just before it writes this stage: what it made for it exists, the status does not say so. */
  crash?: Stage;
}

/** Ends the simulator where `crash` wants it. */
export class Crash extends Error {}

/** Faults that can change while the simulator runs. */
export class FaultSwitches {
  private waiting: (() => void)[] = [];

  constructor(private faults: Faults) {}

  get current(): Readonly<Faults> {
    return this.faults;
  }

  /** Replaces all faults. */
  set(faults: Faults): void {
    this.faults = faults;
    this.waiting.splice(0).forEach((wake) => wake());
  }

  /** Returns once the worker is not `frozen`, or `signal` ends. */
  async thawed(signal: AbortSignal): Promise<void> {
    while (this.faults.frozen === true && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }
}
