/** A rule of a Role or ClusterRole. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/**
 * What the controller must be allowed in each namespace that it watches. Every line was proved necessary by running without it; the
 * published ClusterRole allows much more (all Secrets, Deployments, updates and deletions). What is left out: `testruns delete`, which
 * only `cleanup: post` uses.
 */
export const watchRules: readonly Rule[] = [
  { apiGroups: ["k6.io"], resources: ["testruns"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["k6.io"], resources: ["testruns/status"], verbs: ["patch"] },
  // Without this one the controller reports ready, does nothing, and ends after two minutes.
  { apiGroups: ["k6.io"], resources: ["privateloadzones"], verbs: ["list", "watch"] },
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "list", "watch", "create"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
  // The initializer's log tells how many VUs a script has.
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["services"], verbs: ["list", "watch", "create"] },
];

/** What replicas need in their own namespace to agree on the one that acts. */
export const leaderRules: readonly Rule[] = [
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
];
