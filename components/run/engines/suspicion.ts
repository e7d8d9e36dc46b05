import { refusal } from "../diagnose/refusal";
import { isHopeless } from "../diagnose/waiting";
import { observe, type RunFacts } from "../observe";
import type { RunInputs } from "../types";
import { layoutOf } from "./layout";

/** Something that looks wrong, and ends the run when it goes on looking so. */
export interface Suspicion {
  /** What it is about; the same from look to look, though the words may change. */
  about: string;
  /** Seconds in which it may pass. */
  patienceSeconds: number;
  /** A sentence for the run as a whole; none where a runner's own cause says it. */
  cause?: string;
}

/** For what Kubernetes tries again and mostly fails with again: an image, a mount, a pod that is refused. */
export const retriedPatienceSeconds = 8;
// The barrier's own word on it comes within this.
const endedPatienceSeconds = 2;

/** Runners that will not come up, whatever the engine. */
export function runnerSuspicions(inputs: RunInputs, facts: RunFacts): Suspicion[] {
  const { engine, run } = inputs;
  const layout = layoutOf(engine);
  return observe(inputs, facts).runners.flatMap((runner) => {
    const about = `runner ${runner.index}`;
    // One that ended well must have been started, whoever has not heard of it.
    if (runner.state === "failed" || runner.state === "lost") {
      return [{ about: `${about} ended`, patienceSeconds: endedPatienceSeconds }];
    }
    const pod = facts.pods.find((one) => layout.indexOf(run, one) === runner.index);
    const waits =
      pod === undefined
        ? refusal(layout.jobOf(run, runner.index), facts.warnings) !== undefined
        : isHopeless(pod, facts.warnings);
    return waits ? [{ about, patienceSeconds: retriedPatienceSeconds }] : [];
  });
}

/** Remembers since when a suspicion holds. */
export class Suspicions {
  private readonly since = new Map<string, number>();

  /** Those that have held for longer than their patience; `nowMs` is any clock that goes on. */
  confirmed(suspicions: readonly Suspicion[], nowMs: number): Suspicion[] {
    const abouts = new Set(suspicions.map(({ about }) => about));
    [...this.since.keys()].filter((about) => !abouts.has(about)).forEach((about) => this.since.delete(about));
    return suspicions.filter(({ about, patienceSeconds }) => {
      const since = this.since.get(about) ?? nowMs;
      this.since.set(about, since);
      return nowMs - since >= patienceSeconds * 1000;
    });
  }
}
