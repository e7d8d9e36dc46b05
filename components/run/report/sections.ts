import { exitCodeMeaning } from "../exit-codes";
import type { RunnerReport, RunResult, Verdict } from "../types";
import { clock, count, milliseconds, moment, none, percent, span, withUnit } from "./format";
import { html, type Content, type Html } from "./html";

const signs: Record<Verdict, string> = { pass: "✓", fail: "✕", invalid: "!" };
const meanings: Record<Verdict, string> = {
  pass: "The target held, and the run can be believed.",
  fail: "The target did not hold.",
  invalid: "The run itself cannot be believed, so it says nothing of the target.",
};

/** Verdict, reasons and the run's name. */
export function headerSection(result: RunResult): Html {
  const { verdict, reasons, run, test, namespace, startedAt, finishedAt } = result;
  const lasted = startedAt !== null && finishedAt !== null ? span(Date.parse(finishedAt) - Date.parse(startedAt)) : undefined;
  const facts = [`test ${test}`, `namespace ${namespace}`, startedAt === null ? "never started" : moment(startedAt), lasted];
  return html`<header class="${verdict}">
    <p class="overline">k6 load test</p>
    <h1>${run}</h1>
    <p class="facts">${facts.filter((fact) => fact !== undefined).map((fact) => html`<span>${fact}</span>`)}</p>
    <div class="verdict">
      <p class="badge"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}</p>
      <div>
        <p class="meaning">${meanings[verdict]}</p>
        <ul>
          ${reasons.map((reason) => html`<li>${reason}</li>`)}
        </ul>
      </div>
    </div>
  </header>`;
}

/** The figures of the whole run. */
export function figuresSection({ figures }: RunResult): Html {
  const or = (value: number | null, format: (value: number) => string) => (value === null ? none : format(value));
  const tiles: [string, string][] = [
    ["Requests", count(figures.requests)],
    ["Per second", or(figures.requestsPerSecond, (value) => withUnit(value, ""))],
    ["Error rate", or(figures.errorRate, percent)],
    ["Median", or(figures.p50, milliseconds)],
    ["p95", or(figures.p95, milliseconds)],
    ["p99", or(figures.p99, milliseconds)],
    ["Slowest", or(figures.max, milliseconds)],
    ["Iterations", count(figures.iterations)],
  ];
  return html`<section aria-label="Key figures">
    <dl class="tiles">${entries(tiles)}</dl>
  </section>`;
}

export function runnersSection({ runners, startSkewMs }: RunResult): Html {
  const columns = ["Runner", "End", "Pod", "Node", "Requests", "Failed", "Iterations", "Dropped", "Started, UTC", "Load"];
  const numeric = new Set(["Requests", "Failed", "Iterations", "Dropped", "Load"]);
  const skew =
    startSkewMs === null ? undefined : html`<p class="note">Load started on all within ${withUnit(startSkewMs, "ms")}.</p>`;
  return html`<section>
    <h2>Runners</h2>
    ${skew}
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${columns.map((name) => html`<th class="${numeric.has(name) ? "number" : ""}">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${runners.map((runner) => runnerRows(runner, columns.length))}
        </tbody>
      </table>
    </div>
    ${runners.map(logTail)}
  </section>`;
}

function runnerRows(runner: RunnerReport, columns: number): Html {
  const { index, pod, node, startedAt, totals, cause } = runner;
  const number = (value: number | undefined) => html`<td class="number">${value === undefined ? none : count(value)}</td>`;
  const row = html`<tr>
    <td>${index}</td>
    <td>${runnerEnd(runner)}</td>
    <td><code>${pod ?? none}</code></td>
    <td>${node ?? none}</td>
    ${number(totals?.requests)}${number(totals?.failedRequests)}${number(totals?.iterations)}${number(totals?.droppedIterations)}
    <td>${startedAt === undefined ? none : clock(startedAt)}</td>
    <td class="number">${totals === undefined ? none : span(totals.durationMs)}</td>
  </tr>`;
  return cause === undefined
    ? row
    : html`${row}
        <tr class="cause">
          <td></td>
          <td colspan="${columns - 1}">${cause}</td>
        </tr>`;
}

function runnerEnd({ exitCode, reason = "Error", state }: RunnerReport): Html {
  const code = exitCode === undefined ? undefined : html` <span class="faint">exit ${exitCode}</span>`;
  if (exitCode === 0 && state === "succeeded") {
    return html`${mark("pass", "finished")}${code}`;
  }
  const plain = exitCode === undefined || state === "lost" ? state : exitCodeMeaning(exitCode);
  return html`${mark("fail", reason === "Error" ? plain : reason)}${code}`;
}

function logTail({ index, logTail: lines = [], exitCode }: RunnerReport): Content {
  if (lines.length === 0) {
    return undefined;
  }
  const end = exitCode === undefined ? "" : ` (exit ${exitCode})`;
  return html`<details>
    <summary>Last ${lines.length} lines of the log of runner ${index}${end}</summary>
    <pre>${lines.join("\n")}</pre>
  </details>`;
}

/** What ran, so that the same can be run again. */
export function subjectSection(result: RunResult): Html {
  const { script, image, versions, trigger, engine, namespace, startedAt, finishedAt, startSkewMs } = result;
  const rows: [string, Content][] = [
    ["Script", script.name],
    ["Script digest", html`<code>${script.digest}</code>`],
    ["Image", html`<code>${image}</code>`],
    ...Object.entries(versions).map(([name, version]): [string, Content] => [name, version]),
    ["Engine", engine],
    ["Namespace", namespace],
    ["Trigger", trigger === "" ? none : trigger],
    ["Start of load", startedAt === null ? none : moment(startedAt)],
    ["End", finishedAt === null ? none : moment(finishedAt)],
    ["Start skew", startSkewMs === null ? none : withUnit(startSkewMs, "ms")],
  ];
  return html`<section>
    <h2>What ran</h2>
    <dl class="subject">${entries(rows)}</dl>
  </section>`;
}

/** A sign and words in the colour of a verdict. */
export function mark(kind: Verdict, words: string): Html {
  return html`<span class="mark ${kind}"><span aria-hidden="true">${signs[kind]}</span> ${words}</span>`;
}

/** The entries of a description list. */
function entries(pairs: readonly (readonly [string, Content])[]): Html[] {
  return pairs.map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
}
