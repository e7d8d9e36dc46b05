/** `1 runner`, `2 runners`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A share as percent, with at most four significant digits. */
export function percent(ratio: number): string {
  return `${figure(ratio * 100)} %`;
}

/** At most four significant digits, but never fewer than the whole number has. */
export function figure(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
