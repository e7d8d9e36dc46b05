// Runs inside k6 beside the user's script: writes what this runner counted to the pod's termination message.

const count = (data, metric) => data.metrics[metric]?.values.count ?? 0;

/** What `RunnerTotals` in types.ts describes. */
export function totalsOf(data) {
  // Of a rate, `passes` counts the samples that are not zero: for http_req_failed the requests that failed.
  const failed = data.metrics.http_req_failed?.values;
  const checks = data.metrics.checks?.values;
  return {
    requests: count(data, "http_reqs"),
    failedRequests: failed?.passes ?? 0,
    iterations: count(data, "iterations"),
    droppedIterations: count(data, "dropped_iterations"),
    checksPassed: checks?.passes ?? 0,
    checksFailed: checks?.fails ?? 0,
    dataSent: count(data, "data_sent"),
    dataReceived: count(data, "data_received"),
    durationMs: Math.round(data.state.testRunDurationMs),
  };
}

// The message holds 4096 bytes; the rest of the totals takes less than 400.
const thresholdBytes = 3500;
// What supervise.sh fills in where it has something to tell; to JSON it is nothing.
const placeForCpu = " ".repeat(64);
let aborting = [];

/** The script's own thresholds as this runner finds them, the missed ones first: what does not fit is counted. */
function thresholdsOf(data) {
  const all = Object.entries(data.metrics).flatMap(([metric, { type, thresholds = {} }]) =>
    Object.entries(thresholds).map(([expression, { ok }]) => ({
      ...{ metric, expression, ok, type },
      ...(aborting.includes(nameOf(metric, expression)) ? { aborts: true } : {}),
    })),
  );
  if (all.length === 0) {
    return {};
  }
  const thresholds = [];
  let bytes = 0;
  for (const threshold of all.sort((a, b) => a.ok - b.ok)) {
    bytes += encodeURI(JSON.stringify(threshold)).length + 1;
    if (bytes > thresholdBytes) {
      break;
    }
    thresholds.push(threshold);
  }
  const thresholdsLeftOut = all.length - thresholds.length;
  return { thresholds, ...(thresholdsLeftOut > 0 ? { thresholdsLeftOut } : {}) };
}

/** The user's own summary where the script has one, a line of text where it has none, and always the totals. */
export async function summarize(user, data) {
  const totals = { ...totalsOf(data), ...thresholdsOf(data) };
  const message = `{${placeForCpu}${JSON.stringify(totals).slice(1)}`;
  return { ...(await userSummary(user, data, totals)), [__ENV.PULUMI_K6_TOTALS]: message };
}

async function userSummary(user, data, totals) {
  if (typeof user.handleSummary !== "function") {
    return { stdout: `${text(totals, data)}\n` };
  }
  try {
    return await user.handleSummary(data);
  } catch (error) {
    // As in k6 itself, a broken summary is reported and changes nothing else.
    console.error(`handleSummary() of the script failed: ${error}`);
    return {};
  }
}

function text(totals, data) {
  const p95 = data.metrics.http_req_duration?.values["p(95)"];
  return [
    `${totals.requests} requests, ${totals.failedRequests} failed${p95 === undefined ? "" : `, p(95) ${p95.toFixed(1)} ms`}`,
    `${totals.iterations} iterations, ${totals.droppedIterations} dropped`,
    `${totals.checksPassed} checks passed, ${totals.checksFailed} failed`,
    `${(totals.durationMs / 1000).toFixed(1)} s`,
  ].join("; ");
}

/** Looks at the script as it is loaded, in every VU. */
export function check(user) {
  aborting = abortingThresholds(user);
  refuseTwoLoads(user);
  warnOfTags(user);
}

/** k6 takes some of the spaces out of a name, and leaves others. */
function nameOf(metric, expression) {
  return `${metric}: ${expression}`.replace(/\s/g, "");
}

/** Thresholds with abortOnFail. Once the script is loaded, k6 puts options of its own form in place of the script's. */
function abortingThresholds(user) {
  return Object.entries(user.options?.thresholds ?? {}).flatMap(([metric, list]) =>
    [list].flat().flatMap((one) => (one?.abortOnFail ? [nameOf(metric, one.threshold)] : [])),
  );
}

/** Of a load on the command line and scenarios in the script, k6 would drop the scenarios and go on. */
function refuseTwoLoads(user) {
  const scenarios = Object.keys(user.options?.scenarios ?? {});
  if (__ENV.PULUMI_K6_LOAD !== undefined && scenarios.length > 0) {
    throw new Error(
      `the script has scenarios (${scenarios.join(", ")}), which the load given beside it would replace: leave one of the two out`,
    );
  }
}

/** Says aloud that the run's tags, given on the command line, replace those of the script: k6 does not merge them. */
function warnOfTags(user) {
  const tags = Object.keys(user.options?.tags ?? {});
  if (tags.length > 0 && __VU === 0) {
    console.warn(
      `options.tags of the script (${tags.join(", ")}) are replaced by the run's own; set them on scenarios or requests.`,
    );
  }
}
