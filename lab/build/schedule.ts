import type { Part } from "./part";

/**
 * Builds parts in the given order, at most `lanes` at once, none before the parts it waits for.
 *
 * After a failure no further part is started, `stop` is called so that running ones end, and the first failure is thrown.
 *
 * @param parts those that are missing; one that a part waits for and that is not among them is there already
 */
export async function buildInOrder(
  parts: readonly Part[],
  lanes: number,
  build: (part: Part) => Promise<void>,
  stop: () => void = () => {},
): Promise<void> {
  const waiting = new Set(parts);
  const running = new Map<Part, Promise<void>>();
  const failures: unknown[] = [];

  const start = (part: Part): void => {
    waiting.delete(part);
    const work = build(part)
      .catch((error: unknown) => {
        failures.push(error);
        stop();
      })
      .finally(() => running.delete(part));
    running.set(part, work);
  };
  const isReady = (part: Part): boolean => prerequisites(part).every((other) => !waiting.has(other) && !running.has(other));

  while (waiting.size > 0 || running.size > 0) {
    const next = failures.length === 0 && running.size < lanes ? [...waiting].find(isReady) : undefined;
    if (next !== undefined) {
      start(next);
    } else if (running.size > 0) {
      await Promise.race(running.values());
    } else {
      break;
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}

function prerequisites({ uses, after }: Part): Part[] {
  return after === undefined ? [...uses] : [...uses, after];
}

// The biggest two compilations together: the Kubernetes provider 3.7 GB, Kubernetes 2.1 GB (measured), and something for the machine.
const twoLanesGiB = 7.5;

/** How many parts to build at once: two, so that one downloads while the other compiles, where there is memory for it. */
export function lanesFor(memoryBytes: number): number {
  return memoryBytes >= twoLanesGiB * 2 ** 30 ? 2 : 1;
}
