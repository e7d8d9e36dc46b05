import { ledgers, type GatewayCounters, type MetricAccount } from "../accounting";
import type { RunResult, ThresholdResult } from "../types";
import { count } from "./format";
import { html, type Content, type Html } from "./html";
import { actualText, originText, outcomeOf } from "./outcomes";
import { mark } from "./sections";

/** Thresholds, and what came of each. */
export function thresholdsSection({ thresholds }: RunResult): Html {
  if (thresholds.length === 0) {
    return html`<section>
      <h2>Thresholds</h2>
      <p class="empty">None was judged.</p>
    </section>`;
  }
  return html`<section>
    <h2>Thresholds</h2>
    <p class="note">Over the pooled samples of all runners.</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Outcome</th>
            <th>Metric</th>
            <th>Threshold</th>
            <th class="number">Actual</th>
            <th>Set by</th>
          </tr>
        </thead>
        <tbody>
          ${thresholds.map(thresholdRow)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function thresholdRow(threshold: ThresholdResult): Html {
  const { metric, expression } = threshold;
  const { kind, words } = outcomeOf(threshold);
  return html`<tr>
    <td>${mark(kind, words)}</td>
    <td><code>${metric}</code></td>
    <td><code>${expression}</code></td>
    <td class="number">${actualText(threshold)}</td>
    <td>${originText(threshold)}</td>
  </tr>`;
}

/** What the runners counted against what the store holds. */
export function accountsSection({ accounts, gateway }: RunResult): Content {
  if (accounts === undefined) {
    return undefined;
  }
  return html`<section>
    <h2>Samples</h2>
    <p class="note">What the runners counted at their end against what the store holds. ${gateway && gatewayText(gateway)}</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Outcome</th>
            <th>Count</th>
            <th class="number">Runners</th>
            <th class="number">Store</th>
            <th>Runners that differ</th>
          </tr>
        </thead>
        <tbody>
          ${accounts.map(accountRow)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function accountRow({ metric, of, counted, stored, byRunner }: MetricAccount): Html {
  const noun = ledgers.find((ledger) => ledger.metric === metric && ledger.of === of)?.noun ?? metric;
  const difference = stored - counted;
  const words = difference === 0 ? "all there" : `${count(Math.abs(difference))} ${difference < 0 ? "missing" : "too many"}`;
  return html`<tr>
    <td>${mark(difference === 0 ? "pass" : "invalid", words)}</td>
    <td>${noun}</td>
    <td class="number">${count(counted)}</td>
    <td class="number">${count(stored)}</td>
    <td>${byRunner.map((part) => `${part.index}: ${count(part.counted)}, stored ${count(part.stored)}`).join("; ")}</td>
  </tr>`;
}

function gatewayText({ dropped, rejected, buffered, restarted }: GatewayCounters): string {
  const again = restarted ? " It was started anew during the run." : "";
  return `The gateway between them lost ${count(dropped + rejected)} points and still holds ${count(buffered)}.${again}`;
}
