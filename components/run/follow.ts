import type { Cluster } from "../kube/cluster";
import { isPassing } from "../kube/retry";
import { DistressWatch } from "./abort-run";
import type { BarrierLine } from "./barrier-line";
import { Room } from "./diagnose/room";
import type { Engine } from "./engines/engine";
import { letRunnersEnd } from "./engines/let-end";
import { Suspicions } from "./engines/suspicion";
import { lateCauses } from "./late";
import { followBarrier, logTail, readBarrier } from "./logs";
import { isOver, observe, type RunFacts } from "./observe";
import { Teller, type Progress } from "./progress";
import { readStop, saveStart, saveStop, type RunRecord, type StopNote } from "./record";
import { withLog } from "./runner-log";
import { distressSentence, stopCauses, type StopRequest } from "./stop-request";
import type { RunInputs, RunState } from "./types";
import type { RunWatch } from "./watch";

// For runners that are past their deadline: SIGTERM was sent to them long ago.
const lateGraceSeconds = 5;
// For what was told to end: the API server's news of it are on their way.
const settleMs = 10_000;
// For runners whose target is in distress: teardown() may still have to reach it.
const distressGraceSeconds = 30;

/** Follows one run from one call of Pulumi: what was seen and heard, and what is late. */
export class Follower {
  private barrier: BarrierLine | undefined;
  private stopNote: StopNote | undefined;
  private isLogOpen = false;
  private readonly begun = Date.now();
  private readonly teller: Teller;
  private readonly suspicions = new Suspicions();
  private readonly room: Room;
  private readonly target: DistressWatch;

  constructor(
    private readonly cluster: Cluster,
    private readonly inputs: RunInputs,
    private readonly engine: Engine,
    private readonly watch: RunWatch,
    record: RunRecord,
    private readonly progress: Progress,
    private readonly signal: AbortSignal,
    /** Aborted with a `StopRequest` when the run is to end. */
    private readonly stop: AbortSignal,
  ) {
    this.teller = new Teller(inputs, progress);
    this.barrier = record.started;
    this.stopNote = record.stopped;
    stop.addEventListener("abort", () => watch.notify(), { signal });
    this.room = new Room(cluster);
    this.target = new DistressWatch(inputs, signal, () => watch.notify());
  }

  async toEnd(): Promise<RunState> {
    for (;;) {
      const state = this.look();
      if (state.stage === "finished") {
        return this.ended(state);
      }
      if (this.barrier?.["pulumi-k6"] === "not-started") {
        this.teller.tell(state, this.elapsedSeconds());
        return this.stopped(await this.settled(), []);
      }
      if (this.stop.aborted) {
        return this.stoppedFor(this.stop.reason as StopRequest);
      }
      const { distress } = this.target;
      if (distress !== undefined) {
        return this.stoppedFor({ by: "abortWhen", graceSeconds: distressGraceSeconds, distress });
      }
      const causes = this.lateCauses(state) ?? this.hopelessCauses(state);
      if (causes !== undefined) {
        return this.stopped(await this.asked(state), causes);
      }
      await this.tend();
      // Not waited for: it may take long, and fails only in silence.
      void this.room.look(this.facts());
      this.openLog(state);
      this.target.begin(this.barrier);
      this.teller.tell(state, this.elapsedSeconds());
      // Deadlines are looked at once a second at the latest.
      await this.watch.changed(1000);
    }
  }

  private facts(): RunFacts {
    const { barrier } = this;
    return { ...this.watch.facts(), ...this.room.facts, ...this.engine.learned(), ...(barrier === undefined ? {} : { barrier }) };
  }

  private look(): RunState {
    return observe(this.inputs, this.facts());
  }

  /** Whether the barrier found all runners ready, or gave up. */
  private get isAtBarrier(): boolean {
    return this.barrier !== undefined && this.barrier["pulumi-k6"] !== "waiting";
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

  private lateCauses({ runners }: RunState): string[] | undefined {
    return lateCauses(this.inputs, runners, { isAtBarrier: this.isAtBarrier, elapsedSeconds: this.elapsedSeconds() });
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
    const until = Date.now() + settleMs;
    let state = this.look();
    while (Date.now() < until && state.runners.some((runner) => runner.startedAt !== undefined && !isOver(runner))) {
      await this.watch.changed(until - Date.now());
      state = this.look();
    }
    return state;
  }

  /** An API server that is away for a while changes nothing of a run that goes on. */
  private async tend(): Promise<void> {
    try {
      await this.engine.tend(this.facts());
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
      this.progress(`run ${this.inputs.run}: the API server could not be asked, going on: ${String(error)}`);
    }
  }

  /** Ends a run that is to end before its time. Where its runners have, they are left to be looked at, as after any other end. */
  private async stoppedFor({ by, graceSeconds: grace, distress }: StopRequest): Promise<RunState> {
    const { cluster, inputs } = this;
    this.progress(`run ${inputs.run}: stopped by ${by}, asking its runners to end`);
    const note: StopNote = { by, at: new Date().toISOString(), ...(distress === undefined ? {} : { distress }) };
    this.stopNote ??= note;
    const noted = saveStop(cluster, inputs, note).catch((error: unknown) => {
      this.progress(`run ${inputs.run}: the stop could not be noted in its record: ${String(error)}`);
    });
    await Promise.all([noted, letRunnersEnd(cluster, inputs, grace)]);
    const state = this.look();
    const running = state.runners.filter((runner) => !isOver(runner)).length;
    this.progress(
      `run ${inputs.run}: ${running === 0 ? "all its runners have ended" : `${running} runners go on and are deleted`}`,
    );
    return running === 0 ? this.ended(state) : this.stopped(state, []);
  }

  /** Asks runners that have begun, so that they can still say what they did. */
  private async asked(state: RunState): Promise<RunState> {
    if (!this.isStarted) {
      return state;
    }
    await letRunnersEnd(this.cluster, this.inputs, lateGraceSeconds);
    return this.look();
  }

  private async stopped(state: RunState, causes: string[]): Promise<RunState> {
    const collected = await this.collected(state, causes);
    await this.engine.stop(0);
    return { ...collected, stage: "finished" };
  }

  /** What is left of a run that was not started might start by itself later. */
  private async ended(seen: RunState): Promise<RunState> {
    const state = await this.collected(seen, []);
    if (state.startedAt === undefined) {
      await this.engine.stop(0);
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
    // Somebody else may have stopped it.
    this.stopNote ??= await readStop(cluster, inputs).catch(() => undefined);
    const all = [...stopCauses(inputs, state, this.stopNote), ...state.causes, ...causes, ...explained];
    const aborted = distressSentence(inputs, state, this.stopNote);
    return { ...state, runners, causes: [...new Set(all)], ...(aborted === undefined ? {} : { aborted }) };
  }
}
