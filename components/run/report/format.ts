// The same on every machine: no locale is asked. A narrow no-break space groups digits (ISO 80000-1) and stands before units.
const thin = "\u202f";

/** Stands for a figure that there is none of. */
export const none = "\u2013";

/** A whole number with its digits in groups: `27 002`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, thin);
}

/** Up to four significant digits, never fewer than the whole number has: `0.004213`, `61.76`, `27 002`. */
export function figure(value: number): string {
  if (Math.abs(value) >= 1000) {
    return count(value);
  }
  return String(Number(value.toPrecision(4)));
}

/** With a unit: `61.76 ms`. */
export function withUnit(value: number, unit: string): string {
  return unit === "" ? figure(value) : `${figure(value)}${thin}${unit}`;
}

/** Milliseconds in the unit that reads best: `21.76 ms`, `1.447 s`. */
export function milliseconds(value: number): string {
  return value >= 1000 ? withUnit(value / 1000, "s") : withUnit(value, "ms");
}

/** A share as percent: `0.42 %`. */
export function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))}${thin}%`;
}

/** A length of time for people: `850 ms`, `20 s`, `4 min 20 s`, `1 h 05 min`. */
export function span(ms: number): string {
  if (ms < 1000) {
    return withUnit(Math.round(ms), "ms");
  }
  if (ms < 59_950) {
    return withUnit(Number((ms / 1000).toFixed(1)), "s");
  }
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours}${thin}h ${pad(minutes)}${thin}min` : `${minutes}${thin}min ${pad(seconds % 60)}${thin}s`;
}

/** An ISO time as `2026-11-24 08:58:34 UTC`. */
export function moment(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** An ISO time without its day, as `08:58:34.120`. */
export function clock(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? iso
    : time
        .toISOString()
        .slice(11, 23)
        .replace(/\.000$/, "");
}

/** Seconds since the start, on an axis: `0:05`, `12:30`, `1:00:00`. */
export function sinceStart(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
