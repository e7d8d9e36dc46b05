import type { RunResult, RunSeries } from "../types";
import { html, Html } from "./html";
import { chartsSection } from "./sections-charts";
import { figuresSection, headerSection, runnersSection, subjectSection, thresholdsSection } from "./sections";
import { style } from "./style";

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
          ${runnersSection(result)} ${subjectSection(result)}
          <footer>The same as data: <a href="${encodeURIComponent(result.run)}.json">${result.run}.json</a></footer>
        </main>
      </body>
    </html> `;
  return document.text;
}
