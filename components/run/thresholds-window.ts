/** The windows that a threshold is evaluated over. */
export interface Window {
  seconds: number;
  /** Share of the windows that must meet it. */
  share: number;
}

const units: Record<string, number> = { s: 1, m: 60, h: 3600 };
const windowForm = /^(.*?)\s+over\s+(\d+(?:\.\d+)?)\s*(s|m|h)(?:\s+for\s+(\d+(?:\.\d+)?)\s*%)?$/s;

/** Takes `over 30s for 90%` off the end of an expression; gives a sentence where that fails. */
export function splitWindow(text: string): { rest: string; window?: Window } | string {
  const trimmed = text.trim();
  if (!/\sover\s/.test(trimmed)) {
    return { rest: text };
  }
  const [, rest, length, unit = "", percent = "100"] = windowForm.exec(trimmed) ?? [];
  if (rest === undefined) {
    return `"${trimmed}" names windows that cannot be read. Write them like "p(95)<500 over 30s" or "p(95)<500 over 30s for 90%".`;
  }
  const window = { seconds: Number(length) * (units[unit] ?? NaN), share: Number(percent) / 100 };
  // Below a second a window holds what happened to be flushed together.
  if (!(window.seconds >= 1)) {
    return `"${trimmed}" asks for windows of ${window.seconds} s. Use at least 1s.`;
  }
  if (!(window.share > 0 && window.share <= 1)) {
    return `"${trimmed}" asks for ${percent} % of the windows. Use more than 0 and at most 100.`;
  }
  return { rest, window };
}
