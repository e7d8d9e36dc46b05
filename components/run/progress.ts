import { diagnose } from "./diagnose/diagnose";
import type { RunInputs, RunnerReport, RunState } from "./types";

/** How a run stands, in a few words that change only when something does: `running 2/2`. */
export function progressLine({ runners: wanted }: Pick<RunInputs, "runners">, { stage, runners, causes }: RunState): string {
  const share = (...states: RunnerReport["state"][]) =>
    `${runners.filter(({ state }) => states.includes(state)).length}/${wanted}`;
  switch (stage) {
    case "scheduling":
      return [`starting pods, ready ${share("ready", "running")}`, ...firstOf(diagnose({ causes, runners }))].join("; ");
    case "starting":
      return [`all ${wanted} runners are up, preparing VUs and setup`, ...firstOf(causes)].join("; ");
    case "running": {
      const ends = ["succeeded", "failed", "lost"] as const;
      const others = ends.map((state) => [state, share(state)] as const).filter(([, count]) => !count.startsWith("0/"));
      const counts = [`running ${share("running")}`, ...others.map(([state, count]) => `${state} ${count}`)].join(", ");
      const ended = runners.filter(({ state }) => state === "failed" || state === "lost");
      return [counts, ...firstOf(diagnose({ causes, runners: ended }))].join("; ");
    }
    case "finished":
      return `finished, succeeded ${share("succeeded")}`;
  }
}

/** The first cause stands for all: they mostly are the same. */
function firstOf(causes: readonly string[]): string[] {
  return causes.slice(0, 1).map((cause) => cause.replace(/\.$/, ""));
}

/** Takes one line on how a run goes. */
export type Progress = (line: string) => void;

// Between lines when nothing changes.
const intervalMs = 10_000;

/** Tells how a run goes: one line per change, and one now and then. */
export class Teller {
  private lastLine = "";
  private lastLineAt = 0;

  constructor(
    private readonly inputs: RunInputs,
    private readonly progress: Progress,
  ) {}

  tell(state: RunState, elapsedSeconds: number): void {
    const line = progressLine(this.inputs, state);
    if (line === this.lastLine && Date.now() - this.lastLineAt < intervalMs) {
      return;
    }
    this.lastLine = line;
    this.lastLineAt = Date.now();
    const { run, deadlineSeconds } = this.inputs;
    this.progress(`run ${run}: ${line}, ${Math.round(elapsedSeconds)} s of at most ${deadlineSeconds}`);
  }
}
