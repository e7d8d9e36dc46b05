import type { RunInputs, RunnerReport, RunState } from "./types";

/** How a run stands, in a few words that change only when something does: `running 2/2`. */
export function progressLine({ runners: wanted }: Pick<RunInputs, "runners">, { stage, runners }: RunState): string {
  const share = (...states: RunnerReport["state"][]) =>
    `${runners.filter(({ state }) => states.includes(state)).length}/${wanted}`;
  switch (stage) {
    case "scheduling":
      return [`starting pods, ready ${share("ready", "running")}`, ...waiting(runners)].join("; ");
    case "starting":
      return `all ${wanted} runners are up, preparing VUs and setup`;
    case "running": {
      const ended = ["succeeded", "failed", "lost"] as const;
      const others = ended.map((state) => [state, share(state)] as const).filter(([, count]) => !count.startsWith("0/"));
      return [`running ${share("running")}`, ...others.map(([state, count]) => `${state} ${count}`)].join(", ");
    }
    case "finished":
      return `finished, succeeded ${share("succeeded")}`;
  }
}

/** The first cause stands for all: they mostly are the same. */
function waiting(runners: RunnerReport[]): string[] {
  return runners.flatMap(({ cause }) => (cause === undefined ? [] : [cause.replace(/\.$/, "")])).slice(0, 1);
}
