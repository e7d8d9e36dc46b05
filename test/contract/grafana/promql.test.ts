import assert from "node:assert/strict";
import { dashboards } from "../../../components/grafana/dashboards/dashboards";
import { panelsOf, promqlOf } from "../../../components/grafana/dashboards/model";
import { checkedByPrometheus, promtool, type InputSeries } from "../../support/promtool";

const panels = dashboards({ prometheus: true })
  .flatMap(panelsOf)
  .filter((panel) => panel.kind === "time" && promqlOf(panel).length > 0);

/** Counters of a container after a minute: two cores, and half of its periods throttled. */
const container = (pod: string, name: string): InputSeries[] => [
  { series: `container_cpu_usage_seconds_total{pod="${pod}",container="${name}",cpu="total"}`, values: "0+60x10" },
  { series: `container_cpu_cfs_throttled_periods_total{pod="${pod}",container="${name}"}`, values: "0+150x10" },
  { series: `container_cpu_cfs_periods_total{pod="${pod}",container="${name}"}`, values: "0+300x10" },
  { series: `container_memory_working_set_bytes{pod="${pod}",container="${name}"}`, values: "1000x10" },
];

const reconciles = "controller_runtime_reconcile_time_seconds_bucket";
const known: InputSeries[] = [
  ...container("shop-0a1b2c3d-0-abcde", "k6"),
  // Others: the pod's own sandbox, another run, another pod.
  ...container("shop-0a1b2c3d-0-abcde", "POD"),
  ...container("shop-ffffffff-0-abcde", "k6"),
  ...["1", "2"].map((id) => ({ series: `storage_shard_disk_size{bucket="b1",id="${id}"}`, values: "500x10" })),
  { series: `controller_runtime_reconcile_errors_total{controller="testrun",pod="o"}`, values: "0+30x10" },
  { series: `controller_runtime_reconcile_errors_total{controller="certificate",pod="c"}`, values: "0+30x10" },
  ...[
    ["0.1", 90],
    ["1", 100],
    ["+Inf", 100],
  ].map(([le, count]) => ({ series: `${reconciles}{controller="testrun",le="${le}"}`, values: `0+${count}x10` })),
];

const runner = `{pod="shop-0a1b2c3d-0-abcde"}`;
/** What each panel shows, by its title: series and value. */
const shown: Record<string, [labels: string, value: number]> = {
  "CPU, cores": [runner, 2],
  "Throttled periods": [runner, 50],
  Memory: [runner, 1000],
  "Size of the store, by bucket": [`{bucket="b1"}`, 1000],
  "Errors of the operator per second": [`{controller="testrun"}`, 1],
  // Half of the tenth of them that took from 0.1 to 1 s.
  "p95 of a reconciliation": [`{controller="testrun"}`, 0.55],
};

describe("the dashboards' queries to Prometheus, as Prometheus itself answers them (its own promtool)", function () {
  this.timeout(1_200_000);
  let program: string;
  before(async () => (program = await promtool()));

  it("are all here", () => assert.deepEqual(panels.map(({ title }) => title).sort(), Object.keys(shown).sort()));

  for (const panel of panels) {
    it(`${panel.title}: the right number, of the right pods, by the label that names the series`, async () => {
      const [labels, value] = shown[panel.title];
      assert.ok(panel.kind === "time" && labels.startsWith(`{${panel.labelledBy}=`));
      const [promql, ...others] = promqlOf(panel);
      assert.deepEqual(others, []);
      const expr = promql.replaceAll("${testid}", "shop-0a1b2c3d");
      assert.ok(!expr.includes("$"), expr);
      const cases = [{ expr: `round(${expr}, 0.001)`, eval_time: "5m", exp_samples: [{ labels, value }] }];
      // Every 30 seconds, as Prometheus mostly asks.
      await checkedByPrometheus(program, [], [{ interval: "30s", input_series: known, promql_expr_test: cases }]);
    });
  }
});
