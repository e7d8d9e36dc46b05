import { setTimeout as yielded } from "node:timers/promises";
import type { RunnerReport } from "../../components/run/types";
import { goodRunner } from "../support/results";
import { randomOf } from "../support/synthetic-runs";

/** A run as k6's runners would have stored it. */
export interface StoredRun {
  testid: string;
  start: Date;
  stop: Date;
  points: number;
  /** What its runners count. */
  runners: RunnerReport[];
}

/** What a run is made of. */
interface Shape {
  points: number;
  seconds: number;
  runners: number;
}

// Each scenario asks for names of its own.
const scenarios: Record<string, string[]> = {
  browse: ["home", "list", "product", "search", "images", "reviews"],
  buy: ["login", "cart", "checkout", "pay"],
};
const parts = ["blocked", "connecting", "tls_handshaking", "sending", "waiting", "receiving", "duration"];
const iterationMetrics = { iterations: 1, iteration_duration: 60, data_sent: 120, data_received: 900 };
/** Of a request with a check, which is an iteration too. */
const pointsPerRequest = 2 + parts.length + 1 + Object.keys(iterationMetrics).length;
const failedShare = 0.005;

/**
 * Stores a run of that many points through InfluxDB's endpoint for version 1, as k6 writes it: a body per runner and second. Times are
 * those of the last minutes, so that no retention takes them.
 */
export async function storeRun(write: (lines: string) => Promise<void>, shape: Shape): Promise<StoredRun> {
  const { points, seconds, runners } = shape;
  const testid = "checkout-3f9a1c2e";
  const start = new Date(Date.now() - (seconds + 60) * 1000);
  const perSecond = Math.round(points / pointsPerRequest / seconds / runners);
  const random = randomOf(7);
  let written = 0;
  const failed = Array.from({ length: runners }, () => 0);
  for (let second = 0; second < seconds; second++) {
    const bodies = Array.from({ length: runners }, (_, runner) => {
      const lines: string[] = [];
      for (let i = 0; i < perSecond; i++) {
        const isFailed = random() < failedShare;
        failed[runner] += isFailed ? 1 : 0;
        const time = `${start.getTime() + second * 1000 + Math.floor((i * 1000) / perSecond)}${nanoseconds(random)}`;
        lines.push(...requestLines({ testid, runner, isFailed, time, random }));
      }
      const gauges = `,instance_id=${runner},testid=${testid} value=20 ${start.getTime() + second * 1000}${nanoseconds(random)}`;
      lines.push(`vus${gauges}`, `vus_max${gauges}`);
      written += lines.length;
      return lines.join("\n");
    });
    await Promise.all(bodies.map(write));
    await yielded();
  }
  const stop = new Date(start.getTime() + seconds * 1000);
  const requests = perSecond * seconds;
  const reports = failed.map((failedRequests, index): RunnerReport => {
    const runner = goodRunner(index);
    return {
      ...runner,
      startedAt: start.toISOString(),
      finishedAt: stop.toISOString(),
      totals: {
        ...{ requests, failedRequests, iterations: requests, droppedIterations: 0 },
        ...{ checksPassed: requests - failedRequests, checksFailed: failedRequests },
        ...{ dataSent: requests * iterationMetrics.data_sent, dataReceived: requests * iterationMetrics.data_received },
        durationMs: seconds * 1000,
      },
    };
  });
  return { testid, start, stop, points: written, runners: reports };
}

interface OneRequest {
  testid: string;
  runner: number;
  isFailed: boolean;
  time: string;
  random: () => number;
}

/** All that k6 stores of a request in an iteration of its own, tags in the order in which it writes them. */
function requestLines({ testid, runner, isFailed, time, random }: OneRequest): string[] {
  const scenario = random() < 0.7 ? "browse" : "buy";
  const names = scenarios[scenario];
  const name = names[Math.floor(random() * names.length)];
  const own = `instance_id=${runner}`;
  const rest = `scenario=${scenario},testid=${testid}`;
  const status = isFailed ? "status=500" : "status=200";
  const code = isFailed ? "error_code=1500," : "";
  const tags = `,${code}expected_response=${!isFailed},${own},method=GET,name=${name},proto=HTTP/1.1,${rest},${status}`;
  // Long-tailed, as latencies are.
  const duration = 20 * Math.exp(0.6 * (random() + random() + random() - 1.5) * 2);
  return [
    `http_reqs${tags} value=1 ${time}`,
    `http_req_failed${tags} value=${isFailed ? 1 : 0} ${time}`,
    ...parts.map((part) => `http_req_${part}${tags} value=${part === "duration" ? duration : duration * random() * 0.3} ${time}`),
    `checks,check=is\\ 200,${own},${rest} value=${isFailed ? 0 : 1} ${time}`,
    ...Object.entries(iterationMetrics).map(
      ([metric, value]) => `${metric},${own},${rest} value=${metric === "iteration_duration" ? duration + value : value} ${time}`,
    ),
  ];
}

/** Two samples of a series at the same nanosecond would be one. */
function nanoseconds(random: () => number): string {
  return String(Math.floor(random() * 1e6)).padStart(6, "0");
}
