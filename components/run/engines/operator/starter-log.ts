/** What the starter's log says of one runner. */
export interface Resumed {
  /** Index of the runner, from 0. */
  index: number;
  /** HTTP status; 0 where nothing answered. */
  status: number;
  /** curl's own words. */
  error: string;
}

/**
 * Reads the starter's log: a line of curl's per runner. No line's end follows it, so the next runner's answer begins right behind; and the
 * status of one that was not reached is `000`, which is no JSON.
 *
 * @param urls where runners are reached, by index: names of Services, or their addresses
 */
export function resumedIn(log: string, urls: readonly string[]): Resumed[] {
  const lines = log.matchAll(/"http_code":(\d+).*?"url":"([^"]*)".*?"errormsg":"([^"]*)"/g);
  return [...lines].flatMap(([, status, url, error]) => {
    const index = urls.findIndex((known) => url.startsWith(`http://${known}:`) || url.startsWith(`http://[${known}]:`));
    return index === -1 ? [] : [{ index, status: Number(status), error }];
  });
}

/** Sentences on runners that the starter did not reach. */
export function unreachedCauses(resumed: readonly Resumed[], runners: number): string[] {
  return resumed
    .filter(({ status }) => status !== 200)
    .map(({ index, status, error }) => {
      const answer = status === 0 ? `nothing answered (${error === "" ? "no reason given" : error})` : `HTTP ${status}`;
      return `runner ${index} of ${runners} was not started by k6-operator's starter: ${answer}.`;
    });
}
