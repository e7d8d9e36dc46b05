import { TestRuns } from "../../../components/kube/test-runs";
import { noFigures } from "../../../components/run/judge";
import type { RunInputs, RunState, Verdict } from "../../../components/run/types";
import { decide } from "../../../components/run/verdict";
import { observeStages } from "../../simulator/observe";
import type { Bench } from "../engines/bench";
import type { Cause } from "./cause";

/** What became of a run in which a cause was caused. */
export interface Outcome {
  inputs: RunInputs;
  verdict: Verdict;
  /** All that was said. */
  reasons: string[];
  /** The sentence that names the object. */
  sentence: string | undefined;
  /** Names of the cluster's nodes. */
  nodes: string[];
  /** From the cause to the first time that a person could read the sentence. */
  seconds: number;
  /** From the beginning of the run to its end. */
  wholeSeconds: number;
  /** Names of what was left of the run that could still start. */
  left: string[];
}

/** Runs and causes, and looks at what is said and when. */
export async function outcomeOf(cause: Cause, bench: Bench, inputs: RunInputs): Promise<Outcome> {
  const heard: { line: string; at: number }[] = [];
  const begunAt = Date.now();
  let causedAt = begunAt;
  const running = bench.execute(inputs, (line) => heard.push({ line, at: Date.now() }));
  if (cause.act !== undefined) {
    await Promise.race([bench.said(inputs.run, /running \d/), running]);
    await cause.act(bench, inputs);
    causedAt = Date.now();
  }
  const { since = "begin" } = cause;
  const stages = since === "begin" || since === "end" ? undefined : observeStages(bench.cluster, bench.namespace);
  const state = await running.finally(() => stages?.stop());
  const toldAt = Date.now();
  if (since === "end") {
    causedAt = Date.parse(state.runners[0].finishedAt ?? "");
  } else if (since !== "begin") {
    causedAt = stages!.at(inputs.run, since)!;
  }
  const { verdict, reasons } = verdictOf(inputs, state);
  const sentence = reasons.find((reason) => cause.names.test(reason));
  // Progress leaves out the full stop.
  const early = sentence === undefined ? undefined : heard.find(({ line }) => line.includes(sentence.replace(/\.$/, "")));
  const hasTestRun = inputs.engine === "operator" && (await new TestRuns(bench.cluster).exists(inputs.namespace, inputs.run));
  const left = [
    ...(await bench.objectsOf(inputs)).filter((name) => name.startsWith(`${inputs.run}-`)),
    ...(hasTestRun ? ["its TestRun"] : []),
  ];
  const nodes = (await bench.cluster.core.listNode()).items.map(({ metadata }) => metadata!.name!);
  return {
    inputs,
    nodes,
    verdict,
    reasons,
    sentence,
    seconds: ((early?.at ?? toldAt) - causedAt) / 1000,
    wholeSeconds: (toldAt - begunAt) / 1000,
    left,
  };
}

/** The verdict with a store that holds what the runners count. */
function verdictOf(inputs: RunInputs, state: RunState): ReturnType<typeof decide> {
  const sum = (what: "requests" | "iterations") => state.runners.reduce((all, { totals }) => all + (totals?.[what] ?? 0), 0);
  const figures = { ...noFigures, requests: sum("requests"), iterations: sum("iterations") };
  return decide(inputs, state, { figures, thresholds: [] });
}
