import { amountOf } from "../../kube/quantities";
import { type AlertsSettings, limitsOf } from "../settings";
import { gatewayRules } from "./gateway";
import { type AlertSource, missingRules } from "./missing";
import { operatorRules } from "./operator";
import type { AlertRule } from "./rule";
import { runRules } from "./runs";
import { storeRules } from "./store";

/** What there is to be watched. */
export interface Watched {
  /** Namespace of runs, gateway and store. */
  namespace: string;
  /** Whether there is a gateway. */
  gateway: boolean;
  /** Size of the volume of the store that is deployed, e.g. `20Gi`. @default none is: a store that is bound is its owner's to watch */
  storageSize?: string;
  /** Namespace of the k6-operator. @default there is none */
  operatorNamespace?: string;
}

/** Rules as Prometheus and prometheus-operator take them. */
export interface RuleGroup {
  name: string;
  rules: {
    alert: string;
    expr: string;
    for: string;
    labels: Record<string, string>;
    annotations: { summary: string; description: string; runbook_url: string };
  }[];
}

/** All alerts on what there is, but those that are left out. */
export function alertGroups(watched: Watched, settings: Omit<AlertsSettings, "prometheus">): RuleGroup[] {
  const { namespace, gateway, storageSize, operatorNamespace } = watched;
  const limits = limitsOf(settings.limits);
  const sources: { source: AlertSource; namespace: string }[] = [
    { source: "kube-state-metrics", namespace },
    ...(gateway ? [{ source: "gateway", namespace } as const] : []),
    ...(storageSize === undefined ? [] : [{ source: "store", namespace } as const]),
    ...(operatorNamespace === undefined ? [] : [{ source: "operator", namespace: operatorNamespace } as const]),
  ];
  const groups: Record<string, AlertRule[]> = {
    runs: runRules(namespace, limits),
    gateway: gateway ? gatewayRules(namespace, limits) : [],
    store: storageSize === undefined ? [] : storeRules(namespace, amountOf(storageSize), limits),
    operator: operatorNamespace === undefined ? [] : operatorRules(operatorNamespace, limits),
    sources: missingRules(sources),
  };
  const { without = [] } = settings;
  return Object.entries(groups)
    .map(([name, rules]) => ({
      name: `k6-${namespace}-${name}`,
      rules: rules.filter(({ alert }) => !without.includes(alert)).map((rule) => rendered(rule, settings)),
    }))
    .filter(({ rules }) => rules.length > 0);
}

function rendered(rule: AlertRule, settings: Omit<AlertsSettings, "prometheus">): RuleGroup["rules"][number] {
  const { alert, expr, forSeconds, severity, labels, summary, description } = rule;
  const { alertLabels, runbookUrl = "docs/alerts.md" } = settings;
  return {
    ...{ alert, expr, for: `${settings.forSeconds?.[alert] ?? forSeconds}s` },
    labels: { severity, ...labels, ...alertLabels },
    annotations: { summary, description, runbook_url: `${runbookUrl}#${alert.toLowerCase()}` },
  };
}
