import * as counts from "./flux/counts";
import { percentilesOverTime, quantileStat } from "./flux/percentiles";
import { checks, endpoints, errors, withError } from "./flux/tables";
import { gaugeOverTime, gaugePeak } from "./flux/users";
import { limitLine } from "./flux/variables";
import type { AnnotationsPanel, Dashboard, StatPanel, TablePanel, TimePanel, Variable } from "./model";
import { chart, failedSteps, narrowing, ownTag, passedSteps, runMarks, runVariable, stat, zeroSteps } from "./parts";
import { dashboardUids } from "./uids";

const requests = { metric: "http_reqs", narrowed: "name" } as const;
const failed = { metric: "http_req_failed", narrowed: "name" } as const;
const duration = { metric: "http_req_duration", narrowed: "name" } as const;
const ofScenario = (metric: string) => ({ metric, narrowed: "scenario" }) as const;

/** Variables by which a link draws thresholds as lines: a number, or nothing. */
export const limitVariables = { duration: "durationLimit", failed: "failedLimit" } as const;

const limits: Variable[] = [
  { kind: "text", name: limitVariables.duration, label: "Limit, ms" },
  { kind: "text", name: limitVariables.failed, label: "Limit, % failed" },
];
const limitLook = { name: "limit", color: "red", isDashed: true } as const;

/** One run: load, response, errors, pooled over all its runners. */
export const runDashboard: Dashboard = {
  uid: dashboardUids.run,
  title: "k6 run",
  description: "One run of a load test, over all its runners.",
  variables: [runVariable, ...narrowing, ...limits],
  marks: runMarks,
  from: "now-15m",
  sections: [
    {
      title: "Summary",
      panels: [
        verdict(),
        total(),
        peakRate(),
        failedRequests(),
        p95(),
        checksPassed(),
        droppedIterations(),
        peakVus(),
        dataReceived(),
      ],
    },
    {
      title: "Load and response",
      panels: [requestRate(), responseTime(), activeVus(), failedOverTime(), iterations(), dataRate()],
    },
    { title: "Checks, errors, endpoints", panels: [checksTable(), errorsByCode(), endpointsTable(), errorsTable()] },
  ],
};

function verdict(): AnnotationsPanel {
  return {
    ...{ id: 1, kind: "annotations", title: "Verdict", width: 24, height: 4 },
    description: "What the judge said, written with the end of the run.",
    tags: [ownTag, "testid:$testid", "kind:run"],
    ...{ limit: 1, isInRange: false },
  };
}

function total(): StatPanel {
  return stat({ id: 2, title: "Requests", query: { flux: counts.sumStat(requests) }, unit: "none", decimals: 0 });
}

function peakRate(): StatPanel {
  const query = { flux: counts.peakPerSecond(requests) };
  return stat({
    id: 3,
    title: "Peak requests/s",
    description: "Highest mean of five seconds.",
    query,
    unit: "reqps",
    decimals: 1,
  });
}

function failedRequests(): StatPanel {
  const query = { flux: counts.meanStat(failed) };
  return stat({ id: 4, title: "Failed requests", query, unit: "percentunit", decimals: 2, steps: failedSteps });
}

function p95(): StatPanel {
  const description = "Of all samples of all runners together.";
  const query = { flux: quantileStat(duration, 0.95) };
  return stat({ id: 5, title: "p95 response time", description, query, unit: "ms", decimals: 1 });
}

function checksPassed(): StatPanel {
  const query = { flux: counts.meanStat(ofScenario("checks")) };
  return stat({ id: 6, title: "Checks passed", query, unit: "percentunit", decimals: 2, steps: passedSteps });
}

function droppedIterations(): StatPanel {
  const query = { flux: counts.sumStat(ofScenario("dropped_iterations")) };
  return stat({ id: 7, title: "Dropped iterations", query, unit: "none", decimals: 0, steps: zeroSteps });
}

function peakVus(): StatPanel {
  return stat({ id: 8, title: "Peak VUs", query: { flux: gaugePeak("vus") }, unit: "none", decimals: 0 });
}

function dataReceived(): StatPanel {
  const query = { flux: counts.sumStat(ofScenario("data_received")) };
  return stat({ id: 9, title: "Data received", query, unit: "decbytes", decimals: 1 });
}

function requestRate(): TimePanel {
  const queries = [
    { flux: counts.ratePerSecond(requests, "all") },
    // Each request has one sample of this rate, which is 1 where it failed.
    { flux: counts.ratePerSecond(failed, "failed") },
  ];
  return chart({ id: 10, title: "Requests per second", queries, unit: "reqps", looks: [{ name: "failed", color: "red" }] });
}

function responseTime(): TimePanel {
  return chart({
    ...{ id: 11, title: "Response time", unit: "ms", looks: [limitLook] },
    description: "Percentiles over all samples of all runners, not means of the runners' own.",
    queries: [{ flux: percentilesOverTime(duration) }, { flux: limitLine(limitVariables.duration) }],
  });
}

function activeVus(): TimePanel {
  return chart({
    ...{ id: 12, title: "VUs, added up over runners", unit: "none", draw: "step" },
    queries: [{ flux: gaugeOverTime("vus", "active") }, { flux: gaugeOverTime("vus_max", "allocated") }],
    looks: [{ name: "allocated", color: "gray", isDashed: true }],
  });
}

function failedOverTime(): TimePanel {
  return chart({
    ...{ id: 13, title: "Failed requests", unit: "suffix:%" },
    queries: [{ flux: counts.shareOverTime(failed, "failed") }, { flux: limitLine(limitVariables.failed) }],
    looks: [{ name: "failed", color: "red" }, limitLook],
  });
}

function iterations(): TimePanel {
  return chart({
    ...{ id: 14, title: "Iterations per second", unit: "ops" },
    queries: [
      { flux: counts.ratePerSecond(ofScenario("iterations"), "completed") },
      { flux: counts.ratePerSecond(ofScenario("dropped_iterations"), "dropped") },
    ],
    looks: [{ name: "dropped", color: "red" }],
  });
}

function dataRate(): TimePanel {
  return chart({
    ...{ id: 15, title: "Data", unit: "Bps" },
    queries: [
      { flux: counts.ratePerSecond(ofScenario("data_received"), "received") },
      { flux: counts.ratePerSecond(ofScenario("data_sent"), "sent") },
    ],
  });
}

function checksTable(): TablePanel {
  return {
    ...{ id: 16, kind: "table", title: "Checks", width: 12, height: 7, query: { flux: checks }, empty: "no checks" },
    columns: [
      { field: "check", title: "Check" },
      { field: "share", title: "Passed share", unit: "percentunit", decimals: 2, steps: passedSteps, pixels: 90 },
      { field: "passed", title: "Passed", pixels: 90 },
      { field: "failed", title: "Failed", pixels: 80 },
    ],
  };
}

function errorsByCode(): TimePanel {
  return chart({
    ...{ id: 17, title: "Errors per second by code", unit: "reqps", draw: "bars", labelledBy: "error_code" },
    description: "Codes of k6: 1050 is a timeout, 1400 to 1599 an HTTP status.",
    queries: [{ flux: counts.ratePerSecondBy({ ...requests, where: withError }, "error_code") }],
    looks: [
      { pattern: "^15", color: "red" },
      { pattern: "^14", color: "orange" },
      // Without an answer: timeouts, names, connections.
      { pattern: "^1[^45]", color: "purple" },
    ],
  });
}

function endpointsTable(): TablePanel {
  return {
    ...{ id: 18, kind: "table", title: "Endpoints", width: 24, height: 7, query: { flux: endpoints }, empty: "no requests" },
    columns: [
      { field: "name", title: "Name" },
      { field: "requests", title: "Requests" },
      { field: "failed", title: "Failed share", unit: "percentunit", decimals: 2, steps: failedSteps },
      { field: "p50", title: "p50", unit: "ms", decimals: 1 },
      { field: "p95", title: "p95", unit: "ms", decimals: 1 },
      { field: "p99", title: "p99", unit: "ms", decimals: 1 },
    ],
  };
}

function errorsTable(): TablePanel {
  return {
    ...{ id: 19, kind: "table", title: "Errors", width: 24, height: 6, query: { flux: errors }, empty: "no errors" },
    columns: [
      { field: "error_code", title: "Error code" },
      { field: "status", title: "Status" },
      { field: "method", title: "Method" },
      { field: "name", title: "Name" },
      { field: "count", title: "Count" },
    ],
  };
}
