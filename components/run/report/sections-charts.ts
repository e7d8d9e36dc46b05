import { parseThresholds } from "../thresholds";
import type { RunResult, RunSeries } from "../types";
import { drawn, type Chart } from "./charts";
import { figure, percent, span, withUnit } from "./format";
import { html, type Html } from "./html";

interface Panel extends Chart {
  title: string;
  legend?: [name: string, colour: string, dash?: string][];
}

/** The charts over time. */
export function chartsSection({ thresholds }: RunResult, series: RunSeries | undefined): Html {
  if (series === undefined || series.requestsPerSecond.length === 0) {
    const why =
      series === undefined ? "Nothing could be read from the store to draw." : "No request and no active VU was recorded.";
    return html`<section>
      <h2>Over time</h2>
      <p class="empty">${why}</p>
    </section>`;
  }
  const bounds = durationBounds(thresholds);
  const panels: Panel[] = [
    {
      title: "Requests per second",
      lines: [{ points: series.requestsPerSecond, colour: "--blue", filled: true }],
      label: (value) => figure(value),
    },
    {
      title: "Response time",
      lines: [
        { points: series.p50, colour: "--blue" },
        { points: series.p95, colour: "--orange" },
        { points: series.p99, colour: "--purple" },
      ],
      legend: [
        ["p50", "--blue"],
        ["p95", "--orange"],
        ["p99", "--purple"],
        ...(bounds.length > 0 ? [["threshold", "--bound", "dashed"] as [string, string, string]] : []),
      ],
      bounds,
      label: (value) => withUnit(value, "ms"),
    },
    {
      title: "Error rate",
      lines: [{ points: series.errorRate, colour: "--vermilion", filled: true }],
      label: percent,
    },
    {
      title: "Active VUs",
      lines: [{ points: series.activeVus, colour: "--green", filled: true, stepped: true }],
      whole: true,
      label: (value) => figure(value),
    },
  ];
  return html`<section>
    <h2>Over time</h2>
    <p class="note">Since the start of load, over all runners, in windows of ${span(series.windowSeconds * 1000)}.</p>
    <div class="charts">${panels.map(panelFigure)}</div>
  </section>`;
}

function panelFigure(panel: Panel): Html {
  const legend = panel.legend?.map(
    ([name, colour, dash = "solid"]) =>
      html`<span class="key"><i style="border-top:2px ${dash} var(${colour})"></i>${name}</span>`,
  );
  return html`<figure class="panel">
    <figcaption>
      <h3>${panel.title}</h3>
      ${legend}
    </figcaption>
    <div class="wide">${drawn(panel, "wide")}</div>
    <div class="narrow">${drawn(panel, "narrow")}</div>
  </figure>`;
}

/** Bounds of the thresholds on all requests' percentiles: the ones that the response time chart can show. */
function durationBounds(thresholds: RunResult["thresholds"]): number[] {
  const bounds = thresholds
    .filter(({ metric }) => metric === "http_req_duration")
    .flatMap(({ metric, expression }) => parseThresholds({ [metric]: [expression] }))
    .filter(({ aggregation }) => aggregation.method === "p" || aggregation.method === "med")
    .map(({ bound }) => bound);
  return [...new Set(bounds)];
}
