// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { markRun } from "../grafana/mark-run";
import { runLinks } from "../grafana/run-links";
import { Cluster } from "../kube/cluster";
import { changed, plain, unknownValue } from "../state-values";
import { execute } from "./execute";
import { askBeforeRun } from "./inspect-cluster";
import { interruptible } from "./interrupt";
import { judge } from "./judge";
import { removeLeftovers } from "./leftovers";
import { claimRecord, saveResult, type RunRecord } from "./record";
import { removeRun } from "./remove";
import { reportFiles, writeReport, type ReportFiles } from "./report/write";
import type { RunFigures, RunInputs, RunnerReport, RunResult, ThresholdResult, Verdict } from "./types";

/** What a run gives: its inputs, and what came out. */
export interface RunOutputs extends RunInputs {
  verdict: Verdict;
  /** A sentence each, with the object and the number in it. */
  reasons: string[];
  runnerReports: RunnerReport[];
  thresholdResults: ThresholdResult[];
  figures: RunFigures;
  /** ISO time; `null` when the run never started. */
  startedAt: string | null;
  finishedAt: string | null;
  /** Where to look at the result: the run's dashboard in Grafana, or the report's page. */
  resultUrl: string;
  /** A query for the run's samples in Grafana's Explore; empty without Grafana. */
  exploreUrl: string;
  /** The report's file. */
  reportPath: string;
  /** The report in all its forms. */
  reportFiles: ReportFiles;
  /** The whole result as JSON text. */
  resultJson: string;
}

export async function create(inputs: RunInputs): Promise<{ id: string; outs: RunOutputs }> {
  return { id: inputs.run, outs: await conduct(inputs) };
}

/** Another run is another name; everything else (how the cluster is reached, where reports go) is taken over without running again. */
export function diff(
  olds: Partial<RunOutputs>,
  news: RunInputs,
): { changes: boolean; replaces: string[]; deleteBeforeReplace: boolean } {
  const replaces = olds.run !== news.run || news.run === unknownValue ? ["run"] : [];
  const before: Record<string, unknown> = { ...olds };
  const after: Record<string, unknown> = { ...news };
  // Whether there was a k6 to ask depends on the machine of whoever calls.
  const keys = [...Object.keys(after), "kubeconfig", "context", "grafana", "grafanaAuthorization"].filter(
    (key) => key !== "inspected",
  );
  const isUnfinished = olds.verdict === undefined;
  // From an earlier version; an update gives what it lacks and starts nothing.
  const isOld = olds.exploreUrl === undefined || olds.reportFiles === undefined;
  const changes = isUnfinished || isOld || replaces.length > 0 || changed(keys, before, after).length > 0;
  // The old run is removed first: two at once would disturb each other and need twice the room.
  return { changes, replaces, deleteBeforeReplace: true };
}

/** Takes over new inputs; sees a run to its end that an earlier call could not. */
export async function update(olds: Partial<RunOutputs>, news: RunInputs): Promise<{ outs: RunOutputs }> {
  if (olds.verdict === undefined) {
    return { outs: await conduct(news) };
  }
  const known = olds as RunOutputs;
  const result = JSON.parse(known.resultJson) as RunResult;
  // For a Grafana that came later.
  await markRun(news, result, say);
  return { outs: outputs(news, result, known.reportPath) };
}

/** A run that was is a fact: nothing in the cluster changes what came out. */
export function read(id: string, props: RunOutputs): { id: string; props: RunOutputs; inputs: RunInputs } {
  return { id, props, inputs: inputsOf(props) };
}

export async function remove(props: RunInputs): Promise<void> {
  await removeRun(Cluster.connect(props), props);
}

async function conduct(inputs: RunInputs): Promise<RunOutputs> {
  const cluster = Cluster.connect(inputs);
  await removeLeftovers(cluster, inputs, say);
  await askBeforeRun(cluster, inputs, say);
  const record = await claimRecord(cluster, inputs);
  try {
    return await interruptible((stop) => judged(cluster, inputs, record, stop));
  } catch (error) {
    throw unfinished(inputs, error);
  }
}

async function judged(cluster: Cluster, inputs: RunInputs, record: RunRecord, stop: AbortSignal): Promise<RunOutputs> {
  if (record.result !== undefined) {
    await markRun(inputs, record.result, say);
    return outputs(inputs, record.result, await reportOf(inputs, record.result));
  }
  const state = await execute(cluster, inputs, record, say, stop);
  const { result, ...charts } = await judge(inputs, state);
  const { html } = await writeReport(inputs.reportFolder, result, charts);
  // Last: until the report is there, the next call judges the run again from its Job and its samples.
  await saveResult(cluster, inputs, result);
  await markRun(inputs, result, say);
  return outputs(inputs, result, html);
}

/** Pulumi shows what its providers print. */
function say(line: string): void {
  console.log(line);
}

/** The report that an earlier call wrote; one without charts on a machine that does not have it. */
async function reportOf({ reportFolder }: RunInputs, result: RunResult): Promise<string> {
  const written = path.resolve(reportFolder, `${result.run}.html`);
  return existsSync(written) ? written : (await writeReport(reportFolder, result)).html;
}

/** Lets Pulumi keep the run in its state, so that the next `pulumi up` goes on with it and a removal finds it. */
function unfinished(inputs: RunInputs, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  // The properties must hold Pulumi's own `__provider`, which came with the inputs.
  return Object.assign(new Error(`run ${inputs.run}: ${message}`), {
    id: inputs.run,
    properties: plain({ ...inputs }),
    reasons: [message],
  });
}

function outputs(inputs: RunInputs, result: RunResult, reportPath: string): RunOutputs {
  const { verdict, reasons, runners, thresholds, figures, startedAt, finishedAt } = result;
  const { dashboard, explore } = inputs.grafana === undefined ? noLinks : runLinks(inputs.grafana, result);
  return plain({
    ...inputs,
    ...{ verdict, reasons, figures, startedAt, finishedAt, reportPath },
    runnerReports: runners,
    thresholdResults: thresholds,
    reportFiles: reportFiles(path.dirname(reportPath), inputs.run),
    resultUrl: dashboard === "" ? pathToFileURL(reportPath).href : dashboard,
    exploreUrl: explore,
    resultJson: JSON.stringify(result),
  });
}

const noLinks = { dashboard: "", explore: "" };

function inputsOf(props: RunOutputs): RunInputs {
  const results = new Set<string>([
    ...(["verdict", "reasons", "runnerReports", "thresholdResults", "figures"] as const),
    ...(["startedAt", "finishedAt", "resultUrl", "exploreUrl", "reportPath", "reportFiles", "resultJson"] as const),
  ] satisfies Exclude<keyof RunOutputs, keyof RunInputs>[]);
  return Object.fromEntries(Object.entries(props).filter(([key]) => !results.has(key))) as unknown as RunInputs;
}
