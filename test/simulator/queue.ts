/** When a key is looked at again: after a time, soon (with growing waits), or when something about it changes. */
export type Outcome = { afterSeconds: number } | "again" | "done";

// controller-runtime's default rate limiter: 5 ms, doubled with every failure in a row, 1000 s at most.
const firstWaitSeconds = 0.005;
const longestWaitSeconds = 1000;

/** How long a key waits after its `failures`-th failure in a row, seconds. */
export function backoffSeconds(failures: number): number {
  return Math.min(firstWaitSeconds * 2 ** (failures - 1), longestWaitSeconds);
}

/**
 * Work by key with one worker, as the operator has it: a key that blocks holds up all others. A key that is added while it waits is worked on
 * once; one that is added while it is worked on is worked on again.
 */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  private readonly delayed = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  private readonly failures = new Map<string, number>();
  private current: Promise<void> | undefined;
  private isStopped = false;

  /** `work` may throw: its key is tried again later. */
  constructor(private readonly work: (key: string) => Promise<Outcome>) {}

  add(key: string): void {
    if (this.isStopped) {
      return;
    }
    this.waiting.add(key);
    // Not begun at once: work that adds a key must find `current` set, or a second worker begins.
    this.current ??= Promise.resolve().then(() => this.drain());
  }

  /** Takes no more work and returns when the current piece has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.waiting.clear();
    this.delayed.forEach(({ timer }) => clearTimeout(timer));
    this.delayed.clear();
    await this.current;
  }

  private async drain(): Promise<void> {
    for (let [key] = this.waiting; key !== undefined; [key] = this.waiting) {
      this.waiting.delete(key);
      this.plan(key, await this.work(key).catch(() => "again" as const));
    }
    // In the same turn as the last look at `waiting`, so that no key is added in between and forgotten.
    this.current = undefined;
  }

  private plan(key: string, outcome: Outcome): void {
    if (outcome === "again") {
      const failures = (this.failures.get(key) ?? 0) + 1;
      this.failures.set(key, failures);
      this.addLater(key, backoffSeconds(failures));
      return;
    }
    this.failures.delete(key);
    if (outcome !== "done") {
      this.addLater(key, outcome.afterSeconds);
    }
  }

  private addLater(key: string, seconds: number): void {
    const at = Date.now() + seconds * 1000;
    const planned = this.delayed.get(key);
    if (this.isStopped || (planned !== undefined && planned.at <= at)) {
      return;
    }
    clearTimeout(planned?.timer);
    const timer = setTimeout(() => {
      this.delayed.delete(key);
      this.add(key);
    }, seconds * 1000);
    this.delayed.set(key, { at, timer });
  }
}
