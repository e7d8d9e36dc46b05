import type { RunResult, RunSeries } from "../types";
import { html, Html, type Content } from "./html";
import { chartsSection } from "./sections-charts";
import { comparisonSection } from "./sections-compare";
import { accountsSection, thresholdsSection } from "./sections-judged";
import { figuresSection, headerSection, runnersSection, subjectSection } from "./sections";
import { style } from "./style";

function links(run: string): Content {
  return ["json", "junit.xml", "md"].map((end) => html`<a href="${encodeURIComponent(run)}.${end}">${run}.${end}</a> `);
}

/** The report of a run as one HTML page that needs nothing but itself: no network, no script. */
export function page(result: RunResult, series: RunSeries | undefined): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${result.verdict}: ${result.run}</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <main>
          ${headerSection(result)} ${figuresSection(result)} ${chartsSection(result, series)} ${thresholdsSection(result)}
          ${comparisonSection(result)} ${runnersSection(result)} ${accountsSection(result)} ${subjectSection(result)}
          <footer>The same as data: ${links(result.run)}</footer>
        </main>
      </body>
    </html> `;
  return document.text;
}
