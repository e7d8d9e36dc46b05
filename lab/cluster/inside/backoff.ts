const firstMs = 200;
const longestMs = 5_000;
// A daemon that ran this long was well; its end is a new trouble.
const healthyMs = 10_000;

/** How long to wait before a daemon that ended is started again: twice as long each time it ends early. */
export function nextDelayMs(previousMs: number, ranMs: number): number {
  return previousMs === 0 || ranMs >= healthyMs ? firstMs : Math.min(previousMs * 2, longestMs);
}
