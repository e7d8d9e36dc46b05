/** One of several pieces of work that a person waits for. */
export interface Step {
  /** Starts at 1. */
  index: number;
  count: number;
  title: string;
  /** File that tells more, when there is one. */
  log?: string;
}

/** Is told how work goes on. */
export interface Progress {
  started(step: Step): void;
  /** Says why a started step takes its time, e.g. that it waits for another process; without a note: that this is over. */
  noted(step: Step, note?: string): void;
  ended(step: Step, outcome: "done" | "failed" | "stopped"): void;
}

/** Somewhere to print to; `process.stderr` is one. */
export interface Terminal {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

interface Running {
  since: number;
  note?: string;
}

// A terminal shows seconds passing; a log of an unattended build must only show that it lives (CI systems end silent ones).
const redrawMilliseconds = 1000;
const heartbeatMilliseconds = 30_000;

/** Prints steps as they go: lines that renew themselves on a terminal, elsewhere one line per event and one every 30 s. */
export function consoleProgress(terminal: Terminal = process.stderr, now: () => number = Date.now): Progress {
  const running = new Map<Step, Running>();
  const isTerminal = terminal.isTTY === true;
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  const lines = (): string[] => [...running].map(([step, state]) => describe(step, "...", now() - state.since, state.note));
  const redraw = (finished: string[] = []): void => {
    const live = isTerminal ? lines().map((line) => line.slice(0, (terminal.columns ?? 80) - 1)) : [];
    const text = [...finished, ...live].map((line) => `${line}\n`).join("");
    terminal.write(drawn === 0 ? text : `\x1b[${drawn}A\x1b[0J${text}`);
    drawn = live.length;
  };
  const tick = isTerminal ? () => redraw() : () => terminal.write(`${lines().join("\n")}\n`);

  return {
    started(step) {
      running.set(step, { since: now() });
      timer ??= setInterval(tick, isTerminal ? redrawMilliseconds : heartbeatMilliseconds);
      redraw(isTerminal ? [] : [describe(step, "started")]);
    },
    noted(step, note) {
      const state = running.get(step);
      if (state !== undefined) {
        state.note = note;
        redraw(isTerminal || note === undefined ? [] : [describe(step, "...", now() - state.since, note)]);
      }
    },
    ended(step, outcome) {
      const { since } = running.get(step) ?? { since: now() };
      running.delete(step);
      if (running.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      redraw([describe({ ...step, log: outcome === "failed" ? step.log : undefined }, outcome, now() - since)]);
    },
  };
}

/** One line, e.g. `[ 3/17] Kubernetes 1.36.3 ... 1:12 (log: FILE)`. */
export function describe({ index, count, title, log }: Step, state: string, elapsedMilliseconds?: number, note?: string): string {
  const place = `[${String(index).padStart(String(count).length)}/${count}]`;
  const elapsed = elapsedMilliseconds === undefined ? [] : [clock(elapsedMilliseconds)];
  const more = [note, log === undefined ? undefined : `log: ${log}`].filter((text) => text !== undefined);
  return [place, title, state, ...elapsed, ...(more.length === 0 ? [] : [`(${more.join("; ")})`])].join(" ");
}

function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
