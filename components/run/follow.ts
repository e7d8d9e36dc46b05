import type { Cluster } from "../kube/cluster";
import type { BarrierLine } from "./barrier-line";
import type { Engine } from "./engines/engine";
import { graceSeconds } from "./engines/pod-parts";
import { Suspicions } from "./engines/suspicion";
import { followBarrier, logTail, readBarrier } from "./logs";
import { isOver, observe, type RunFacts } from "./observe";
import { progressLine } from "./progress";
import { saveStart, type RunRecord } from "./record";
import { withLog } from "./runner-log";
import type { RunInputs, RunState } from "./types";
import type { RunWatch } from "./watch";

/** Takes one line on how a run goes. */
export type Progress = (line: string) => void;

// Beyond the barrier's own deadline: it stops the runners and says why within this time.
const barrierGraceSeconds = 15;
// Between progress lines when nothing changes.
const progressIntervalMs = 10_000;

/** Follows one run from one call of Pulumi: what was seen and heard, and what is late. */
export class Follower {
  private barrier: BarrierLine | undefined;
  private isLogOpen = false;
  private readonly begun = Date.now();
  private lastLine = "";
  private lastLineAt = 0;
  private readonly suspicions = new Suspicions();

  constructor(
    private readonly cluster: Cluster,
    private readonly inputs: RunInputs,
    private readonly engine: Engine,
    private readonly watch: RunWatch,
    record: RunRecord,
    private readonly progress: Progress,
    private readonly signal: AbortSignal,
  ) {
    this.barrier = record.started;
  }

  async toEnd(): Promise<RunState> {
    for (;;) {
      const state = this.look();
      if (state.stage === "finished") {
        return this.ended(state);
      }
      if (this.barrier?.["pulumi-k6"] === "not-started") {
        return this.stopped(await this.settled(), []);
      }
      const causes = this.lateCauses(state) ?? this.hopelessCauses(state);
      if (causes !== undefined) {
        return this.stopped(state, causes);
      }
      await this.engine.tend(this.facts());
      this.openLog(state);
      this.say(state);
      // Deadlines are looked at once a second at the latest.
      await this.watch.changed(1000);
    }
  }

  private facts(): RunFacts {
    const { barrier } = this;
    return { ...this.watch.facts(), ...(barrier === undefined ? {} : { barrier }) };
  }

  private look(): RunState {
    return observe(this.inputs, this.facts());
  }

  private get isStarted(): boolean {
    return this.barrier?.["pulumi-k6"] === "started";
  }

  private elapsedSeconds(): number {
    return (Date.now() - this.begun) / 1000;
  }

  /** Says what will keep the run from starting; `undefined` while nothing is known to. */
  private hopelessCauses({ runners }: RunState): string[] | undefined {
    const suspicions = this.isStarted ? [] : this.engine.suspect(this.facts());
    const confirmed = this.suspicions.confirmed(suspicions, Date.now());
    if (confirmed.length === 0) {
      return undefined;
    }
    const causes = confirmed.flatMap(({ cause }) => cause ?? []);
    const faulty = new Set(confirmed.map(({ about }) => about)).size;
    return causes.length > 0
      ? causes
      : [`run ${this.inputs.run} was not started: ${faulty} of ${runners.length} runners could not come up. All were stopped.`];
  }

  /** Says what has not come in time; `undefined` while there is time. */
  private lateCauses({ runners }: RunState): string[] | undefined {
    const { run, startDeadlineSeconds, deadlineSeconds } = this.inputs;
    const elapsed = this.elapsedSeconds();
    // With runner 0 up the barrier is at work, and knows more.
    const graceForBarrier = runners[0].startedAt === undefined ? 0 : barrierGraceSeconds;
    if (this.barrier === undefined && elapsed > startDeadlineSeconds + graceForBarrier) {
      const up = runners.filter(({ state }) => state !== "pending").length;
      return [
        `run ${run} did not start within ${startDeadlineSeconds} s: ${up} of ${runners.length} runners were up. All were stopped.`,
      ];
    }
    if (elapsed > startDeadlineSeconds + deadlineSeconds + 2 * graceSeconds) {
      const left = runners
        .filter((runner) => !isOver(runner))
        .map(({ index, node }) => `${index}${node === undefined ? "" : ` on node ${node}`}`);
      return [
        `run ${run} was stopped: runners did not end ${2 * graceSeconds} s after their deadline of ${deadlineSeconds} s: ${left.join(", ")}.`,
      ];
    }
    return undefined;
  }

  private openLog({ runners }: RunState): void {
    const [{ pod, startedAt }] = runners;
    if (this.isLogOpen || this.isStarted || pod === undefined || startedAt === undefined) {
      return;
    }
    this.isLogOpen = true;
    followBarrier(this.cluster, { namespace: this.inputs.namespace, pod }, (line) => this.heard(line), this.signal)
      // A log that breaks off is opened again at the next look.
      .catch(() => undefined)
      .finally(() => setTimeout(() => (this.isLogOpen = false), 1000).unref());
  }

  private heard(line: BarrierLine): void {
    this.barrier = line;
    if (line["pulumi-k6"] === "started") {
      saveStart(this.cluster, this.inputs, line).catch((error: unknown) => {
        this.progress(`run ${this.inputs.run}: the start could not be noted in its record: ${String(error)}`);
      });
    }
    this.watch.notify();
  }

  /** Waits a moment for runners that were told to stop, so that their exit codes can be read. */
  private async settled(): Promise<RunState> {
    const until = Date.now() + 10_000;
    let state = this.look();
    while (Date.now() < until && state.runners.some((runner) => runner.startedAt !== undefined && !isOver(runner))) {
      await this.watch.changed(until - Date.now());
      state = this.look();
    }
    return state;
  }

  private async stopped(state: RunState, causes: string[]): Promise<RunState> {
    const collected = await this.collected(state, causes);
    await this.engine.stop();
    return { ...collected, stage: "finished" };
  }

  /** What is left of a run that was not started might start by itself later. */
  private async ended(seen: RunState): Promise<RunState> {
    const state = await this.collected(seen, []);
    if (state.startedAt === undefined) {
      await this.engine.stop();
    }
    return state;
  }

  /** Adds what only logs tell. */
  private async collected(seen: RunState, causes: string[]): Promise<RunState> {
    const { cluster, engine, inputs } = this;
    const { namespace } = inputs;
    const [first] = seen.runners;
    if (!this.isStarted && first.pod !== undefined) {
      // The run may have ended before its log was followed.
      this.barrier = (await readBarrier(cluster, namespace, first.pod)) ?? this.barrier;
    }
    if (!this.isStarted) {
      this.barrier = (await engine.startOf(this.facts())) ?? this.barrier;
    }
    const explained = this.isStarted ? [] : await engine.explain(this.facts());
    const state = this.look();
    const runners = await Promise.all(
      state.runners.map(async (runner) =>
        runner.pod === undefined || runner.state === "succeeded"
          ? runner
          : withLog(runner, await logTail(cluster, namespace, runner.pod), inputs.scriptName),
      ),
    );
    return { ...state, runners, causes: [...state.causes, ...causes, ...explained] };
  }

  /** One line per change, and one now and then. */
  private say(state: RunState): void {
    const line = progressLine(this.inputs, state);
    if (line === this.lastLine && Date.now() - this.lastLineAt < progressIntervalMs) {
      return;
    }
    this.lastLine = line;
    this.lastLineAt = Date.now();
    const seconds = Math.round(this.elapsedSeconds());
    this.progress(`run ${this.inputs.run}: ${line}, ${seconds} s of at most ${this.inputs.deadlineSeconds}`);
  }
}
