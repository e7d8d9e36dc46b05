/** What all pods of a platform may take together: the runners of every run that goes on at a time, and the store. */
export interface QuotaSettings {
  /** Sum of all requests and of all limits. @default "16" */
  cpu?: string;
  /** Sum of all requests and of all limits. @default "32Gi" */
  memory?: string;
  /** @default 100 */
  pods?: number;
}

/** The hard limits of a ResourceQuota. Requests and limits are the same, since every pod of ours has them equal. */
export function quotaLimits({ cpu = "16", memory = "32Gi", pods = 100 }: QuotaSettings): Record<string, string> {
  return {
    "requests.cpu": cpu,
    "limits.cpu": cpu,
    "requests.memory": memory,
    "limits.memory": memory,
    pods: String(pods),
    // Nothing of a platform is reached from outside the cluster.
    "services.nodeports": "0",
    "services.loadbalancers": "0",
  };
}
