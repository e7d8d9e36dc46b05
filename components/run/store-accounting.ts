import { accountOf, ledgers, type MetricAccount } from "./accounting";
import type { Store } from "./store";
import type { RunnerReport } from "./types";

/** Sets every count that the runners tell against what the store holds of it. */
export function readAccounts(store: Store, runners: readonly RunnerReport[]): Promise<MetricAccount[]> {
  return Promise.all(ledgers.map(async (ledger) => accountOf(ledger, runners, await store.byRunner(ledger.metric, ledger.of))));
}
