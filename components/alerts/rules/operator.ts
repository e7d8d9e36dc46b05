import type { AlertLimits } from "../settings";
import { type AlertRule, oneLine, selector } from "./rule";

/**
 * What k6-operator tells of itself: it has no metrics of its own, only those of controller-runtime.
 *
 * @param namespace of the operator
 */
export function operatorRules(namespace: string, limits: Required<AlertLimits>): AlertRule[] {
  const of = selector({ namespace });
  return [
    {
      alert: "K6OperatorErrors",
      expr: oneLine(`
        sum by (namespace, controller) (
          increase(controller_runtime_reconcile_errors_total{${of},controller=~"testrun|privateloadzone"}[30m])
        ) > ${limits.operatorErrors}`),
      forSeconds: 300,
      severity: "warning",
      summary: "k6-operator in {{ $labels.namespace }} fails to do what its objects ask for",
      description:
        "{{ $value | humanize }} errors of controller {{ $labels.controller }} in half an hour. Read its log: " +
        "`kubectl -n {{ $labels.namespace }} logs -l app.kubernetes.io/name=k6-operator --since=30m | grep ERROR`. It is mostly a TestRun that it " +
        "may not or cannot run: delete that one. An error that stays is tried ever more seldom, so that this may end while the error does not.",
    },
    {
      alert: "K6OperatorBusy",
      expr: oneLine(`
        max by (namespace, name) (workqueue_longest_running_processor_seconds{${of},name="testrun"}) > ${limits.operatorBusySeconds}`),
      forSeconds: 60,
      severity: "critical",
      summary: "k6-operator in {{ $labels.namespace }} is busy with one TestRun and does nothing else",
      description:
        "For {{ $value | humanizeDuration }}. It does one TestRun at a time, and waits for runners that do not answer on port 6565. Delete the " +
        "TestRun in stage `created` whose runners do not answer: `kubectl get testruns -A`.",
    },
  ];
}
