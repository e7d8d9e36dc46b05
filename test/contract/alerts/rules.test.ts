import { alertGroups } from "../../../components/alerts/rules/groups";
import { alertNames, type AlertName } from "../../../components/alerts/rules/rule";
import { checkedByPrometheus, promtool, type InputSeries, type PromCase } from "../../support/promtool";

const watched = { namespace: "load", gateway: true, storageSize: "20Gi", operatorNamespace: "load-operator" };
const load = `namespace="load"`;
const always = (series: string, value = 1): InputSeries => ({ series, values: `${value}x240` });
const jobPod = (pod: string, node = "n1") =>
  always(`kube_pod_info{${load},pod="${pod}",node="${node}",created_by_kind="Job",created_by_name="shop"}`);

/** What Prometheus knows while all is well; without them an alert would say that they are missing. */
const well: InputSeries[] = [
  always(`kube_namespace_status_phase{${load},phase="Active"}`),
  always(`gateway_internal_write_buffer_limit{${load},pod="gateway-a",output="influxdb_v2",relay="gateway-a"}`, 1000),
  always(`influxdb_uptime_seconds{${load},id="1"}`),
  always(`controller_runtime_active_workers{namespace="load-operator",controller="testrun"}`),
];
const gateway = `${load},pod="gateway-a",output="influxdb_v2",relay="gateway-a"`;
const volume = `${load},persistentvolumeclaim="data-influxdb-0"`;
const gib = 2 ** 30;

interface Told {
  alert: AlertName;
  what: string;
  series: InputSeries[];
  at: string;
  /** Labels of the alerts that are told, without those that all have. */
  told: string[];
  /** Instead of all that is known while all is well. */
  known?: InputSeries[];
}

const cases: Told[] = [
  {
    ...{ alert: "K6OperatorErrors", what: "an error whose retries double", at: "15m" },
    series: [
      {
        series: `controller_runtime_reconcile_errors_total{namespace="load-operator",controller="testrun",pod="o"}`,
        values: "0 12 14+0x60",
      },
    ],
    told: [`namespace="load-operator", controller="testrun"`],
  },
  {
    ...{ alert: "K6OperatorErrors", what: "two writers at once, now and then", at: "60m", told: [] },
    series: [
      {
        series: `controller_runtime_reconcile_errors_total{namespace="load-operator",controller="testrun"}`,
        values: "0+0x20 1+0x20 2+0x20 3+0x60",
      },
    ],
  },
  {
    ...{ alert: "K6OperatorErrors", what: "an operator elsewhere", at: "15m", told: [] },
    series: [{ series: `controller_runtime_reconcile_errors_total{namespace="other",controller="testrun"}`, values: "0+5x60" }],
  },
  {
    ...{
      alert: "K6OperatorBusy",
      what: "a runner that never answers",
      at: "5m",
      told: [`namespace="load-operator", name="testrun"`],
    },
    series: [
      {
        series: `workqueue_longest_running_processor_seconds{namespace="load-operator",name="testrun",controller="testrun"}`,
        values: "0+30x60",
      },
    ],
  },
  {
    ...{ alert: "K6OperatorBusy", what: "a runner that answers late", at: "5m", told: [] },
    series: [
      {
        series: `workqueue_longest_running_processor_seconds{namespace="load-operator",name="testrun"}`,
        values: "0 30 0 30 0 0x60",
      },
    ],
  },
  {
    ...{ alert: "K6RunPending", what: "a pod of a run that waits", at: "11m", told: [`namespace="load", pod="shop-0"`] },
    series: [always(`kube_pod_status_phase{${load},pod="shop-0",phase="Pending"}`), jobPod("shop-0", "")],
  },
  {
    ...{ alert: "K6RunPending", what: "a pod that is no run's, and one that waits for five minutes", at: "11m", told: [] },
    series: [
      always(`kube_pod_status_phase{${load},pod="grafana",phase="Pending"}`),
      always(`kube_pod_info{${load},pod="grafana",created_by_kind="ReplicaSet"}`),
      { series: `kube_pod_status_phase{${load},pod="shop-1",phase="Pending"}`, values: "1x10 0x100" },
      jobPod("shop-1"),
    ],
  },
  {
    ...{ alert: "K6RunOverdue", what: "pods after the Job's deadline", at: "18m", told: [`namespace="load", job_name="shop"`] },
    series: [
      always(`kube_job_status_start_time{${load},job_name="shop"}`, 0),
      always(`kube_job_spec_active_deadline_seconds{${load},job_name="shop"}`, 900),
      always(`kube_job_status_active{${load},job_name="shop"}`, 2),
    ],
  },
  {
    ...{
      alert: "K6RunOverdue",
      what: "a pod that goes on although its Job has ended",
      at: "18m",
      told: [`namespace="load", job_name="shop"`],
    },
    series: [
      always(`kube_job_status_start_time{${load},job_name="shop"}`, 0),
      always(`kube_job_spec_active_deadline_seconds{${load},job_name="shop"}`, 900),
      always(`kube_job_status_active{${load},job_name="shop"}`, 0),
      always(`kube_pod_info{${load},pod="shop-0",created_by_kind="Job",created_by_name="shop"}`),
      always(`kube_pod_status_phase{${load},pod="shop-0",phase="Running"}`),
      always(`kube_pod_status_phase{${load},pod="shop-0",phase="Pending"}`, 0),
    ],
  },
  {
    ...{ alert: "K6RunOverdue", what: "a Job that has ended, and one in its last minute", at: "16m", told: [] },
    series: ["ended", "going"].flatMap((job) => [
      always(`kube_job_status_start_time{${load},job_name="${job}"}`, 0),
      always(`kube_job_spec_active_deadline_seconds{${load},job_name="${job}"}`, job === "ended" ? 60 : 900),
      always(`kube_job_status_active{${load},job_name="${job}"}`, job === "ended" ? 0 : 2),
    ]),
  },
  {
    ...{
      alert: "K6RunOverdue",
      what: "a Job without a deadline after two hours",
      at: "2h1m",
      told: [`namespace="load", job_name="raw-1"`],
    },
    series: [
      { series: `kube_job_status_start_time{${load},job_name="raw-1"}`, values: "0x250" },
      { series: `kube_job_status_active{${load},job_name="raw-1"}`, values: "1x250" },
    ],
    known: well.map(({ series }) => ({ series, values: "1x250" })),
  },
  {
    ...{ alert: "K6RunnerLost", what: "a runner killed for its memory, and one evicted", at: "1m" },
    series: [
      always(`kube_pod_container_status_terminated_reason{${load},pod="shop-0",container="k6",reason="OOMKilled"}`),
      always(`kube_pod_status_reason{${load},pod="shop-1",reason="Evicted"}`),
      jobPod("shop-1"),
    ],
    told: [`namespace="load", pod="shop-0", reason="OOMKilled"`, `namespace="load", pod="shop-1", reason="Evicted"`],
  },
  {
    ...{ alert: "K6RunnerLost", what: "runners that end by themselves, and a gateway that is evicted", at: "1m", told: [] },
    series: [
      always(`kube_pod_container_status_terminated_reason{${load},pod="shop-0",container="k6",reason="Completed"}`),
      always(`kube_pod_container_status_terminated_reason{${load},pod="shop-1",container="k6",reason="Error"}`),
      always(`kube_pod_status_reason{${load},pod="shop-1",reason="Evicted"}`, 0),
      jobPod("shop-1"),
      always(`kube_pod_status_reason{${load},pod="gateway-a",reason="Evicted"}`),
    ],
  },
  {
    ...{
      alert: "K6RunnerNodeLost",
      what: "a runner on a node that is silent",
      at: "2m",
      told: [`namespace="load", pod="shop-0", node="n1"`],
    },
    series: [
      ...["n1", "n2"].flatMap((node) =>
        ["true", "false", "unknown"].map((status) =>
          always(
            `kube_node_status_condition{condition="Ready",node="${node}",status="${status}"}`,
            Number(status === (node === "n1" ? "unknown" : "true")),
          ),
        ),
      ),
      ...[jobPod("shop-0", "n1"), jobPod("shop-1", "n2"), jobPod("ended", "n1")],
      always(`kube_pod_status_phase{${load},pod="shop-0",phase="Running"}`),
      always(`kube_pod_status_phase{${load},pod="shop-1",phase="Running"}`),
      always(`kube_pod_status_phase{${load},pod="ended",phase="Running"}`, 0),
    ],
  },
  ...[
    "gateway_internal_write_metrics_dropped",
    "gateway_internal_write_metrics_rejected",
    "gateway_internal_aggregate_metrics_dropped",
  ].map((name): Told => ({
    ...{ alert: "K6GatewayLosing", what: name, at: "5m", told: [`namespace="load"`] },
    series: [{ series: `${name}{${gateway}}`, values: "0 0 0 500 500x60" }],
  })),
  {
    ...{ alert: "K6GatewayLosing", what: "a gateway that lost something an hour ago", at: "60m", told: [] },
    series: [{ series: `gateway_internal_write_metrics_dropped{${gateway}}`, values: "0 500 500x200" }],
  },
  {
    ...{
      alert: "K6GatewayBufferFilling",
      what: "a buffer more than half full",
      at: "1m",
      told: [`namespace="load", pod="gateway-a"`],
    },
    series: [always(`gateway_internal_write_buffer_size{${gateway}}`, 501)],
  },
  {
    ...{ alert: "K6GatewayBufferFilling", what: "a buffer in daily use", at: "1m", told: [] },
    series: [always(`gateway_internal_write_buffer_size{${gateway}}`, 400)],
  },
  {
    ...{ alert: "K6GatewayRestarted", what: "a gateway that was killed", at: "5m", told: [`namespace="load", pod="gateway-a"`] },
    series: [
      { series: `kube_pod_container_status_restarts_total{${load},pod="gateway-a",container="telegraf"}`, values: "0 0 1x60" },
      { series: `kube_pod_container_status_restarts_total{${load},pod="gateway-b",container="telegraf"}`, values: "3x60" },
    ],
  },
  {
    ...{ alert: "K6StoreFilling", what: "a volume by the kubelet", at: "12m", told: [`namespace="load"`] },
    series: [
      always(`kubelet_volume_stats_available_bytes{${volume}}`, gib),
      always(`kubelet_volume_stats_capacity_bytes{${volume}}`, 10 * gib),
    ],
  },
  {
    ...{ alert: "K6StoreFilling", what: "shards by InfluxDB", at: "12m", told: [`namespace="load"`] },
    series: ["1", "2"].map((id) => always(`storage_shard_disk_size{${load},bucket="b",id="${id}"}`, 9 * gib)),
  },
  {
    ...{ alert: "K6StoreFilling", what: "half a volume, and another claim that is full", at: "12m", told: [] },
    series: [
      ...[`${volume}`, `${load},persistentvolumeclaim="grafana"`].flatMap((labels, i) => [
        always(`kubelet_volume_stats_available_bytes{${labels}}`, i === 0 ? 5 * gib : 0),
        always(`kubelet_volume_stats_capacity_bytes{${labels}}`, 10 * gib),
      ]),
      always(`storage_shard_disk_size{${load},bucket="b",id="1"}`, 5 * gib),
    ],
  },
  {
    ...{ alert: "K6StoreFull", what: "a volume with a hundredth left", at: "3m", told: [`namespace="load"`] },
    series: [
      always(`kubelet_volume_stats_available_bytes{${volume}}`, gib / 10),
      always(`kubelet_volume_stats_capacity_bytes{${volume}}`, 10 * gib),
    ],
  },
  { alert: "K6MetricsMissing", what: "everything that is asked", series: [], at: "20m", told: [] },
  {
    ...{
      alert: "K6MetricsMissing",
      what: "a gateway that nobody asks",
      series: [],
      at: "20m",
      known: well.filter(({ series }) => !series.startsWith("gateway_")),
    },
    told: [`namespace="load", source="gateway"`],
  },
  {
    ...{ alert: "K6MetricsMissing", what: "nothing at all", series: [], at: "20m", known: [always("up")] },
    told: ["gateway", "store", "kube-state-metrics"].map((source) => `namespace="load", source="${source}"`),
  },
];

const severities = new Map(
  alertGroups(watched, {}).flatMap(({ rules }) => rules.map(({ alert, labels }) => [alert, labels.severity])),
);

function promCase({ alert, series, at, told, known = well }: Told): PromCase {
  const isMissing = alert === "K6MetricsMissing";
  const labels = (more: string) =>
    `ALERTS{alertname="${alert}", alertstate="firing", severity="${severities.get(alert)}", ${more}}`;
  // What is missing of the operator has labels of its own question, which say no more.
  const selector = isMissing ? `alertname="${alert}",source!="operator"` : `alertname="${alert}"`;
  const expr = isMissing
    ? `sum without (phase) (ALERTS{alertstate="firing",${selector}})`
    : `ALERTS{alertstate="firing",${selector}}`;
  const exp_samples = told.map((more) => ({ labels: isMissing ? labels(more).replace("ALERTS", "") : labels(more), value: 1 }));
  return { interval: "30s", input_series: [...known, ...series], promql_expr_test: [{ expr, eval_time: at, exp_samples }] };
}

describe("alerts, as Prometheus itself judges them (its own promtool)", function () {
  // It is built where it is missing.
  this.timeout(1_200_000);
  let program: string;
  before(async () => (program = await promtool()));

  for (const told of cases) {
    const { alert, what } = told;
    it(`${alert} is ${told.told.length === 0 ? "not told of" : "told of"} ${what}`, () =>
      checkedByPrometheus(program, alertGroups(watched, {}), [promCase(told)]));
  }

  it("are each told of something here", () => {
    const silent = alertNames.filter((name) => !cases.some(({ alert, told }) => alert === name && told.length > 0));
    if (silent.length > 0) {
      throw new Error(`never told: ${silent.join(", ")}`);
    }
  });

  it("have sentences that Prometheus fills in", async () => {
    const [pending] = cases.filter(({ alert }) => alert === "K6RunPending");
    const rule = alertGroups(watched, {})
      .flatMap(({ rules }) => rules)
      .find(({ alert }) => alert === "K6RunPending")!;
    const filled = (text: string) => text.replaceAll("{{ $labels.namespace }}", "load").replaceAll("{{ $labels.pod }}", "shop-0");
    await checkedByPrometheus(program, alertGroups(watched, {}), [
      {
        interval: "30s",
        input_series: [...well, ...pending.series],
        alert_rule_test: [
          {
            ...{ eval_time: pending.at, alertname: "K6RunPending" },
            exp_alerts: [
              {
                exp_labels: { severity: "warning", namespace: "load", pod: "shop-0" },
                exp_annotations: Object.fromEntries(Object.entries(rule.annotations).map(([key, text]) => [key, filled(text)])),
              },
            ],
          },
        ],
      },
    ]);
  });

  it("hold for a platform with nothing but runs, and with other limits, times and labels", () =>
    checkedByPrometheus(
      program,
      [
        ...alertGroups({ namespace: "bare", gateway: false }, {}),
        ...alertGroups(watched, { alertLabels: { team: "shop" }, forSeconds: { K6StoreFull: 0 }, limits: { storeShare: 0.5 } }),
      ],
      [],
    ));
});
