import type { RunFigures, RunnerReport, RunnerTotals } from "./types";
import { counted as countOf, percent } from "./verdict-words";

/** What is counted of a metric by the runners, and what of it the store holds. */
export interface MetricAccount {
  metric: string;
  /** What is added up: values, or samples. */
  of: "sum" | "count";
  counted: number;
  stored: number;
  /** Runners whose parts differ, where the store knows runners apart. */
  byRunner: { index: number; counted: number; stored: number }[];
}

/** What a gateway says of the time of a run. Points, of all metrics together. */
export interface GatewayCounters {
  /** Thrown away because the buffer was full. */
  dropped: number;
  /** Refused by the store. */
  rejected: number;
  /** Not yet in the store. */
  buffered: number;
  /** Whether it was started anew during the run: what it held then is lost if it was killed. */
  restarted: boolean;
}

/** What is stored of a metric, by the runner's `instance_id`; under `""` where the store does not know runners apart. */
export type StoredByRunner = ReadonlyMap<string, number>;

/** A count that runners tell, and where the store holds the same. */
export interface Ledger {
  metric: string;
  of: "sum" | "count";
  /** What it counts, in words. */
  noun: string;
  counted: (totals: RunnerTotals) => number;
}

/** Every count that the harness writes at a runner's end. */
export const ledgers: readonly Ledger[] = [
  { metric: "http_reqs", of: "sum", noun: "requests", counted: ({ requests }) => requests },
  { metric: "iterations", of: "sum", noun: "iterations", counted: ({ iterations }) => iterations },
  { metric: "http_req_failed", of: "sum", noun: "failed requests", counted: ({ failedRequests }) => failedRequests },
  { metric: "dropped_iterations", of: "sum", noun: "dropped iterations", counted: (totals) => totals.droppedIterations },
  { metric: "checks", of: "count", noun: "checks", counted: ({ checksPassed, checksFailed }) => checksPassed + checksFailed },
  { metric: "checks", of: "sum", noun: "passed checks", counted: ({ checksPassed }) => checksPassed },
  { metric: "data_sent", of: "sum", noun: "bytes sent", counted: ({ dataSent }) => dataSent },
  { metric: "data_received", of: "sum", noun: "bytes received", counted: ({ dataReceived }) => dataReceived },
];

/** Sets what the runners count against what the store holds of it. */
export function accountOf(
  { metric, of, counted }: Ledger,
  runners: readonly RunnerReport[],
  stored: StoredByRunner,
): MetricAccount {
  const parts = runners.flatMap(({ index, totals }) =>
    totals === undefined ? [] : [{ index, counted: counted(totals), stored: stored.get(String(index)) ?? 0 }],
  );
  const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);
  return {
    ...{ metric, of },
    counted: sum(parts.map((part) => part.counted)),
    stored: sum(stored.values()),
    byRunner: stored.has("") ? [] : parts.filter((part) => part.counted !== part.stored),
  };
}

/** The two accounts that the figures of a run give by themselves. */
export function accountsOfFigures(runners: readonly RunnerReport[], figures: RunFigures): MetricAccount[] {
  const stored: Record<string, number> = { http_reqs: figures.requests, iterations: figures.iterations };
  return ledgers.flatMap((ledger) => {
    const known = ledger.of === "sum" ? stored[ledger.metric] : undefined;
    return known === undefined ? [] : [accountOf(ledger, runners, new Map([["", known]]))];
  });
}

/** What came of comparing: sentences that make a run unbelievable, and such that only have to be told. */
export interface AccountFindings {
  flaws: string[];
  notes: string[];
}

/** Judges accounts. `limit`: the largest share of a metric's samples that may be missing. */
export function examineAccounts(
  accounts: readonly MetricAccount[],
  gateway: GatewayCounters | undefined,
  limit: number,
): AccountFindings {
  const missing = accounts.filter(({ counted, stored }) => stored < counted);
  const surplus = accounts.filter(({ counted, stored }) => stored > counted);
  const isTolerated = limit > 0 && missing.every(({ counted, stored }) => (counted - stored) / counted <= limit);
  const flaws: string[] = [];
  const notes: string[] = [];
  if (missing.length > 0) {
    const sentence = differenceSentence(missing, "missing");
    const where = lossPlace(gateway);
    if (isTolerated) {
      notes.push(`${sentence}, within the limit of ${percent(limit)} (limits.lostSamplesRatio). ${where}`);
    } else {
      flaws.push(`${sentence}, so figures and thresholds cannot be believed. ${where}`);
    }
  } else if (gateway !== undefined && gateway.dropped + gateway.rejected > 0) {
    const sentence = `${lossPlace(gateway)} What the runners count is all in the store, but other samples of the same time may be lost.`;
    (limit > 0 ? notes : flaws).push(sentence);
  }
  if (surplus.length > 0) {
    flaws.push(
      `${differenceSentence(surplus, "too many")}, so figures and thresholds cannot be believed. ` +
        "A runner ended without telling all it did, or something else writes with this run's testid.",
    );
  }
  return { flaws, notes };
}

/** The first account in full, the others in short. */
function differenceSentence(accounts: readonly MetricAccount[], sense: "missing" | "too many"): string {
  const [first, ...others] = accounts;
  const difference = Math.abs(first.counted - first.stored);
  const ratio = first.counted === 0 ? "" : ` (${percent(difference / first.counted)})`;
  const parts = first.byRunner.map(({ index, counted, stored }) => `${Math.abs(counted - stored)} of runner ${index}`);
  const whose = parts.length === 0 ? "" : `, ${parts.slice(0, 5).join(", ")}${parts.length > 5 ? ", ..." : ""}`;
  const more = others.map((account) => `${Math.abs(account.counted - account.stored)} of ${account.counted} ${nounOf(account)}`);
  return (
    `the runners count ${first.counted} ${nounOf(first)}, the store holds ${first.stored}: ${difference}${ratio} are ${sense}${whose}` +
    (more.length === 0 ? "" : `; so are ${more.join(", ")}`)
  );
}

function nounOf({ metric, of }: MetricAccount): string {
  return ledgers.find((ledger) => ledger.metric === metric && ledger.of === of)?.noun ?? metric;
}

/** Where samples were lost, by what the gateway says. */
function lossPlace(gateway: GatewayCounters | undefined): string {
  const logs = "Look for \"Couldn't write stats\" in the runners' logs";
  if (gateway === undefined) {
    return `${logs} and at the store's health.`;
  }
  const { dropped, rejected, buffered, restarted } = gateway;
  const said = [
    ...(dropped > 0 ? [`threw ${countOf(dropped, "point")} away, as its buffer was full`] : []),
    ...(rejected > 0 ? [`had ${countOf(rejected, "point")} refused by the store`] : []),
    ...(buffered > 0 ? [`still holds ${countOf(buffered, "point")}`] : []),
    ...(restarted ? ["was started anew, and what it held then may be lost"] : []),
  ];
  return said.length === 0
    ? `The gateway lost none, so it was on the way to it. ${logs}.`
    : `Between gateway and store: the gateway ${said.join("; it ")}.`;
}
