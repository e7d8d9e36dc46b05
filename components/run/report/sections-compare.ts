import type { ComparedFigure, Comparison } from "../compare/types";
import type { RunResult, Verdict } from "../types";
import { figure, none, percent, withUnit } from "./format";
import { html, type Content, type Html } from "./html";
import { mark } from "./sections";

const kinds: Record<Comparison["outcome"], Verdict> = {
  regression: "fail",
  improvement: "pass",
  "no difference found": "pass",
  "not comparable": "invalid",
};

const outcomes: Record<ComparedFigure["outcome"], [Verdict, string]> = {
  worse: ["fail", "worse"],
  better: ["pass", "better"],
  same: ["pass", "no difference found"],
};

/** How the run stands to earlier ones. */
export function comparisonSection({ comparison }: RunResult): Content {
  if (comparison === undefined) {
    return undefined;
  }
  const { outcome, reason, caveats, baselines, figures } = comparison;
  return html`<section>
    <h2>Compared</h2>
    <p class="note">${baselines.length === 0 ? "With no run." : `With ${baselines.join(", ")}.`}</p>
    <p>${mark(kinds[outcome], outcome)}: ${reason}</p>
    ${caveats.map((caveat) => html`<p class="note">${caveat}</p>`)} ${figures.length === 0 ? undefined : table(figures)}
  </section>`;
}

function table(figures: readonly ComparedFigure[]): Html {
  const columns = ["Outcome", "Figure", "Before", "Now", "Change", "p", "Noise between runs", "Detectable"];
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${columns.map((name, i) => html`<th class="${i > 1 ? "number" : ""}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${figures.map(row)}
      </tbody>
    </table>
  </div>`;
}

function row({ name, unit, baseline, candidate, change, pValue, noise, detectable, outcome }: ComparedFigure): Html {
  const value = (of: number) => (unit === "" ? percent(of) : withUnit(of, unit));
  const cells = [
    value(baseline),
    value(candidate),
    `${change > 0 ? "+" : ""}${percent(change)}`,
    pValue < 0.0001 ? "< 0.0001" : figure(pValue),
    noise === null ? none : percent(noise),
    percent(detectable),
  ];
  return html`<tr>
    <td>${mark(...outcomes[outcome])}</td>
    <td>${name}</td>
    ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
  </tr>`;
}
